using Akka.Actor;
using Streaming.Features.Events;
using Streaming.Features.Plans;

namespace Streaming.Engine.Deliveries;

/// <summary>
/// All events of one read for one entity: rows of a batch, in offset order (docs/adr/0005-deliveries.md). In the process of its source
/// the batch is that of the whole read, which all deliveries share; elsewhere it has the rows and columns that its bundle took along
/// (<see cref="DeliveryBundle"/>).
/// </summary>
internal sealed class Delivery(
    byte[] key,
    long previousOffset,
    DeliveryRun run,
    IDeliveryReceipt read,
    int number,
    EntityFeed feed,
    EventBatch batch,
    ArraySegment<int> rows) : IEntityMessage, INoSerializationVerificationNeeded
{
    /// <inheritdoc/>
    public byte[] Key { get; } = key;

    /// <summary>
    /// The last offset that the run delivered to this entity by this feed, -1 when none. An entity that has applied less has missed
    /// something: sharding delivers at most once, and a restarted actor has lost its state.
    /// </summary>
    public long PreviousOffset { get; } = previousOffset;

    /// <summary>The source's run.</summary>
    public DeliveryRun Run { get; } = run;

    /// <summary>Takes the confirmation that the delivery is applied.</summary>
    public IDeliveryReceipt Read { get; } = read;

    /// <summary>Which of the read's deliveries it is.</summary>
    public int Number { get; } = number;

    /// <summary>Whether its entity had stopped before it came, and it was sent again.</summary>
    public bool IsMissed { get; init; }

    /// <summary>The feed by which the entity gets the events.</summary>
    public EntityFeed Feed { get; } = feed;

    /// <summary>The events, perhaps of others too.</summary>
    public EventBatch Batch { get; } = batch;

    /// <summary>The rows that belong to the entity.</summary>
    public ArraySegment<int> Rows { get; } = rows;

    /// <summary>The entity had stopped before it came: the delivery to send again, once; null when that was done.</summary>
    public Delivery? Missed() =>
        IsMissed ? null : new Delivery(Key, PreviousOffset, Run, Read, Number, Feed, Batch, Rows) { IsMissed = true };
}
