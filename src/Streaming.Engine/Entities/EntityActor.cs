// Hot: one message per entity and read of a partition.
using Akka.Actor;
using Streaming.Engine.Deliveries;
using Streaming.Features.Plans;
using Streaming.Features.State;

namespace Streaming.Engine.Entities;

/// <summary>
/// The owner of one entity's state. It applies deliveries in order, refuses one after a gap, and answers reads that could not be
/// answered from outside. A crash loses its state; the sources that fed it are notified and deliver every event again.
/// </summary>
internal sealed class EntityActor : UntypedActor
{
    private readonly EntityDirectory _directory;
    private readonly IEntityLossListener _losses;
    private readonly EntityHandle _handle;

    public EntityActor(EntityPlan plan, EntityDirectory directory, IEntityLossListener losses, byte[] key)
    {
        _directory = directory;
        _losses = losses;
        _handle = new EntityHandle(key, Self, new EntityState(plan));
    }

    private string EntityName => $"{_handle.State.Plan.Name}/{Mask.Key(_handle.Key)}";

    public static Props Props(EntityPlan plan, EntityDirectory directory, IEntityLossListener losses, byte[] key) =>
        Akka.Actor.Props.CreateBy(new Producer(plan, directory, losses, key)).WithMailbox("akka.actor.entity-mailbox");

    protected override void PreStart() => _directory.Add(_handle);

    protected override void PostStop()
    {
        // A direct call, and first: a reader that no longer finds the entity must already find its partitions catching up.
        _losses.BeforeLoss(_handle.State);
        _directory.Remove(_handle);
        _losses.AfterLoss(_handle.State, EntityName);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Delivery when _losses.IsStopping:
                break;
            case Delivery delivery:
                Apply(delivery);
                break;
            case ReadEntity read:
                read.Answer(_handle.State);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Whether the event caused the failure and would fail again; otherwise the process did, and only the state is lost.</summary>
    internal static bool IsCausedByEvent(Exception cause) => cause is not OutOfMemoryException;

    private void Apply(Delivery delivery)
    {
        var applied = _handle.State.AppliedOffset(delivery.Feed, delivery.Batch.Partition);
        if (applied < delivery.PreviousOffset)
        {
            delivery.Run.Source.Tell(new DeliveryGap(delivery.Run, EntityName, applied, delivery.PreviousOffset));
            return;
        }

        try
        {
            var late = _handle.State.LateEvents;
            _handle.State.Apply(delivery.Feed, delivery.Batch, delivery.Rows);
            delivery.Read.Confirm(_handle.State.LateEvents - late);
        }
        catch (Exception cause) when (IsCausedByEvent(cause))
        {
            // The state may hold half of the event: supervision discards it, and the source sends everything again but this event.
            delivery.Run.Source.Tell(new DeliveryFailed(delivery.Run, EntityName, delivery.Feed, _handle.State.ApplyingOffset, cause));
            throw;
        }
        catch
        {
            // The event is good: the source delivers it again to the restarted entity.
            delivery.Run.Source.Tell(new EntityLost(EntityName));
            throw;
        }
    }

    private sealed class Producer(EntityPlan plan, EntityDirectory directory, IEntityLossListener losses, byte[] key)
        : IIndirectActorProducer
    {
        public Type ActorType => typeof(EntityActor);

        public ActorBase Produce() => new EntityActor(plan, directory, losses, key);

        public void Release(ActorBase actor)
        {
        }
    }
}
