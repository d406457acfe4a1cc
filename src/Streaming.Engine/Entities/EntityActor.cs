// Hot: one message per entity and read of a partition.
using Akka.Actor;
using Streaming.Engine.Sources;
using Streaming.Features.Plans;
using Streaming.Features.State;

namespace Streaming.Engine.Entities;

/// <summary>
/// The owner of one entity's state. It applies deliveries in their order, refuses one after a gap, and answers reads that could
/// not be answered from outside. A crash takes its state with it; the sources that fed it hear of it and bring every event again.
/// </summary>
internal sealed class EntityActor : UntypedActor
{
    private readonly EntityDirectory _directory;
    private readonly SourceDirectory _sources;
    private readonly EntityHandle _handle;

    public EntityActor(EntityPlan plan, EntityDirectory directory, SourceDirectory sources, byte[] key)
    {
        _directory = directory;
        _sources = sources;
        _handle = new EntityHandle(key, Self, new EntityState(plan));
    }

    private string EntityName => $"{_handle.State.Plan.Name}/{Mask.Key(_handle.Key)}";

    public static Props Props(EntityPlan plan, EntityDirectory directory, SourceDirectory sources, string entityId) =>
        Akka.Actor.Props.CreateBy(new Producer(plan, directory, sources, EntityMessageExtractor.KeyOf(entityId))).WithMailbox("entity-mailbox");

    protected override void PreStart() => _directory.Enter(_handle);

    protected override void PostStop()
    {
        // Whoever finds the entity gone finds its partitions catching up; so this is no message, and comes first.
        _sources.Lose(_handle.State);
        _directory.Leave(_handle);
        _sources.TellLost(_handle.State, EntityName);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
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

    /// <summary>Whether a failure is the event's, which would fail again, and not the process's: then what is lost is only the entity.</summary>
    internal static bool IsTheEvents(Exception cause) => cause is not OutOfMemoryException;

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
        catch (Exception cause) when (IsTheEvents(cause))
        {
            // Half an event may be in the state: supervision throws the state away, and the source sends everything again but this event.
            delivery.Run.Source.Tell(new DeliveryFailed(delivery.Run, EntityName, delivery.Feed, _handle.State.ApplyingOffset, cause));
            throw;
        }
        catch
        {
            // The event is good: it comes again, and the entity's next life takes it.
            delivery.Run.Source.Tell(new EntityLost(EntityName));
            throw;
        }
    }

    private sealed class Producer(EntityPlan plan, EntityDirectory directory, SourceDirectory sources, byte[] key) : IIndirectActorProducer
    {
        public Type ActorType => typeof(EntityActor);

        public ActorBase Produce() => new EntityActor(plan, directory, sources, key);

        public void Release(ActorBase actor)
        {
        }
    }
}
