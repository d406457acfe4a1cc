// Hot: one message per entity and read of a partition.
using System.Text;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Streaming.Features.Plans;
using Streaming.Features.State;

namespace Streaming.Engine.Entities;

/// <summary>
/// The owner of one entity's state. It applies deliveries in their order, refuses one after a gap, and answers reads that could
/// not be answered from outside. A crash takes its state with it; the gap that follows brings every event again.
/// </summary>
internal sealed class EntityActor : UntypedActor
{
    private readonly EntityDirectory _directory;
    private readonly EntityHandle _handle;

    public EntityActor(EntityPlan plan, EntityDirectory directory, byte[] key)
    {
        _directory = directory;
        _handle = new EntityHandle(key, Self, new EntityState(plan));
    }

    private string EntityName => $"{_handle.State.Plan.Name}/{Mask.Key(_handle.Key)}";

    public static Props Props(EntityPlan plan, EntityDirectory directory, string entityId) =>
        Akka.Actor.Props.CreateBy(new Producer(plan, directory, Encoding.UTF8.GetBytes(entityId)));

    protected override void PreStart() => _directory.Enter(_handle);

    protected override void PostStop() => _directory.Leave(_handle);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Delivery delivery:
                Apply(delivery);
                break;
            case ReadEntity read:
                read.Answer(_handle.State);
                StopIfUnknown();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

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
            delivery.Read.Confirm(_handle.State.Apply(delivery.Feed, delivery.Batch, delivery.Rows));
        }
        catch (Exception cause)
        {
            // Half an event may be in the state: supervision throws the state away, and the source sends everything again but this event.
            delivery.Run.Source.Tell(new DeliveryFailed(delivery.Run, EntityName, _handle.State.ApplyingOffset, cause));
            throw;
        }
    }

    // A question about an entity without events must not leave an actor behind.
    private void StopIfUnknown()
    {
        if (_handle.State.Newest == Features.Events.EventTime.None)
        {
            Context.Parent.Tell(new Passivate(PoisonPill.Instance));
        }
    }

    private sealed class Producer(EntityPlan plan, EntityDirectory directory, byte[] key) : IIndirectActorProducer
    {
        public Type ActorType => typeof(EntityActor);

        public ActorBase Produce() => new EntityActor(plan, directory, key);

        public void Release(ActorBase actor)
        {
        }
    }
}
