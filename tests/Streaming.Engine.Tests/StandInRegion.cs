using Akka.Actor;
using Streaming.Engine.Entities;
using Streaming.Engine.Sources;
using Streaming.Features.Plans;

namespace Streaming.Engine.Tests;

/// <summary>Stands where a shard region stands, with the same entities behind it, and loses or holds deliveries when a test says so.</summary>
internal sealed class StandInRegion(EntityPlan plan, EntityDirectory directory, SourceDirectory sources, RegionFaults faults) : UntypedActor
{
    private readonly Dictionary<string, IActorRef> _entities = [];

    public static Props Props(EntityPlan plan, EntityDirectory directory, SourceDirectory sources, RegionFaults faults) =>
        Akka.Actor.Props.Create(() => new StandInRegion(plan, directory, sources, faults));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Terminated stopped:
                _entities.Remove(_entities.First(entity => entity.Value.Equals(stopped.ActorRef)).Key);
                break;
            case Released released:
                Entity(EntityMessageExtractor.EntityIdOf(released.Delivery.Key)).Tell(released.Delivery);
                break;
            case Delivery delivery when faults.Passes(delivery):
                Entity(EntityMessageExtractor.EntityIdOf(delivery.Key)).Tell(delivery);
                break;
        }
    }

    private IActorRef Entity(string id)
    {
        if (!_entities.TryGetValue(id, out var entity))
        {
            _entities[id] = entity = Context.Watch(Context.ActorOf(EntityActor.Props(plan, directory, sources, id)));
        }

        return entity;
    }

    /// <summary>A delivery that was held back and is to arrive now.</summary>
    public sealed record Released(Delivery Delivery);
}

/// <summary>What goes wrong between sources and entities.</summary>
internal sealed class RegionFaults
{
    /// <summary>Which deliveries arrive.</summary>
    public volatile Func<Delivery, bool> Passes = _ => true;
}
