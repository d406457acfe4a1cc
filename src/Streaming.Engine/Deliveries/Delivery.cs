using Akka.Actor;
using Streaming.Features.Events;
using Streaming.Features.Plans;

namespace Streaming.Engine.Deliveries;

/// <summary>
/// All events of one read for one entity: rows of a shared batch, in offset order. It stays in the process: a source and the
/// entities it feeds live on one node until snapshots can move (docs/adr/0005-deliveries.md).
/// </summary>
internal sealed class Delivery(
    byte[] key, long previousOffset, DeliveryRun run, ReadInFlight read, EntityFeed feed, EventBatch batch, ArraySegment<int> rows)
    : IEntityMessage, INoSerializationVerificationNeeded
{
    private bool _isMissed;

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
    public ReadInFlight Read { get; } = read;

    /// <summary>The feed by which the entity gets the events.</summary>
    public EntityFeed Feed { get; } = feed;

    /// <summary>The events of the whole read.</summary>
    public EventBatch Batch { get; } = batch;

    /// <summary>The rows that belong to the entity.</summary>
    public ArraySegment<int> Rows { get; } = rows;

    /// <summary>The entity had stopped before it came. The result is whether to send it again: once.</summary>
    public bool TryMiss() => _isMissed != (_isMissed = true);
}
