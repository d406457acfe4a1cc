using Akka.Actor;
using Akka.Cluster.Sharding;
using Streaming.Engine.Deliveries;
using Streaming.Engine.Entities;
using Streaming.Engine.Shards;

namespace Streaming.Engine.Tests;

/// <summary>Replaces a shard region, with the same entities behind it; loses or holds back deliveries when a test says so.</summary>
internal sealed class StandInRegion(EntityType type, KeeperParts keepers, IEntityLossListener losses, RegionFaults faults) : UntypedActor
{
    private readonly Dictionary<string, IActorRef> _entities = [];
    private readonly Dictionary<string, List<object>> _buffers = [];

    public static Props Props(EntityType type, KeeperParts keepers, IEntityLossListener losses, RegionFaults faults) =>
        Akka.Actor.Props.Create(() => new StandInRegion(type, keepers, losses, faults));

    protected override void PreStart()
    {
        foreach (var shard in type.Shards)
        {
            Context.ActorOf(ShardKeeper.Props(shard, keepers));
        }
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Terminated stopped:
                OnStopped(_entities.First(entity => entity.Value.Equals(stopped.ActorRef)).Key);
                break;
            case Passivate passivate:
                _buffers[_entities.First(entity => entity.Value.Equals(Sender)).Key] = [];
                Sender.Tell(passivate.StopMessage);
                break;
            case IEntityMessage kept when _buffers.TryGetValue(EntityId.Of(kept.Key), out var buffer):
                buffer.Add(kept);
                break;
            case ShardProtocol.Recall recall:
                Entity(EntityId.Of(recall.Key)).Tell(recall);
                break;
            case Released released:
                Entity(EntityId.Of(released.Delivery.Key)).Tell(released.Delivery);
                break;
            case DeliveryBundle bundle:
                foreach (var each in bundle.Deliveries)
                {
                    OnReceive(each);
                }

                break;
            case Delivery delivery when faults.Passes(delivery):
                Entity(EntityId.Of(delivery.Key)).Tell(delivery);
                break;
        }
    }

    private void OnStopped(string id)
    {
        _entities.Remove(id);
        if (_buffers.Remove(id, out var buffer))
        {
            buffer.ForEach(message => Entity(id).Tell(message));
        }
    }

    private IActorRef Entity(string id)
    {
        if (!_entities.TryGetValue(id, out var entity))
        {
            _entities[id] = entity = Context.Watch(Context.ActorOf(EntityActor.Props(type, losses), EntityId.NameOf(id)));
        }

        return entity;
    }

    /// <summary>A delivery that was held back and is to arrive now.</summary>
    public sealed record Released(Delivery Delivery) : INoSerializationVerificationNeeded;
}

/// <summary>What goes wrong between sources and entities.</summary>
internal sealed class RegionFaults
{
    /// <summary>Which deliveries arrive.</summary>
    public volatile Func<Delivery, bool> Passes = _ => true;
}
