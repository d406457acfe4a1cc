using Akka.Actor;
using Streaming.Engine.Deliveries;

namespace Streaming.Engine.Entities;

/// <summary>Opens the bundles of deliveries that come to its shard: the shard takes each delivery to its entity.</summary>
internal sealed class BundleActor : UntypedActor
{
    public static Props Props { get; } = Props.Create(() => new BundleActor());

    protected override void OnReceive(object message)
    {
        foreach (var delivery in ((DeliveryBundle)message).Deliveries)
        {
            Context.Parent.Tell(delivery, ActorRefs.NoSender);
        }
    }
}
