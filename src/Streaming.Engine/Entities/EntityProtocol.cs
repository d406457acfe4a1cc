using Akka.Actor;
using Streaming.Engine.Sources;
using Streaming.Features.Events;
using Streaming.Features.Plans;

namespace Streaming.Engine.Entities;

/// <summary>What is addressed to one entity by its key; the region finds the shard by it.</summary>
internal interface IEntityMessage
{
    /// <summary>The entity key, UTF-8.</summary>
    byte[] Key { get; }
}

/// <summary>
/// All events of one read for one entity: rows of a shared batch, in offset order. It stays in the process: a source and the
/// entities it feeds live on one node until snapshots can move (docs/adr/0005-deliveries.md).
/// </summary>
internal sealed class Delivery(byte[] key, long previousOffset, DeliveryRun run, ReadInFlight read, EntityFeed feed, EventBatch batch, ArraySegment<int> rows)
    : IEntityMessage, INoSerializationVerificationNeeded
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

    /// <summary>Told when the delivery is applied.</summary>
    public ReadInFlight Read { get; } = read;

    /// <summary>By which feed the entity gets the events.</summary>
    public EntityFeed Feed { get; } = feed;

    /// <summary>The events of the whole read.</summary>
    public EventBatch Batch { get; } = batch;

    /// <summary>Which rows are the entity's.</summary>
    public ArraySegment<int> Rows { get; } = rows;
}

/// <summary>An entity has not applied what was delivered to it before: the source begins a new run.</summary>
internal sealed record DeliveryGap(DeliveryRun Run, string Entity, long AppliedOffset, long PreviousOffset) : INoSerializationVerificationNeeded;

/// <summary>An event made its entity fail: the source begins a new run, in which the feed goes without it.</summary>
internal sealed record DeliveryFailed(DeliveryRun Run, string Entity, EntityFeed Feed, long Offset, Exception Cause) : INoSerializationVerificationNeeded;

/// <summary>An entity that had applied events of the source is gone with its state: the source begins a new run.</summary>
internal sealed record EntityLost(string Entity) : INoSerializationVerificationNeeded;

/// <summary>One run of a source over its partition; a later run repeats what earlier ones delivered. Told apart by identity.</summary>
internal sealed class DeliveryRun(IActorRef source, int number)
{
    /// <summary>Who delivers.</summary>
    public IActorRef Source { get; } = source;

    /// <summary>Counts the source's runs, for messages.</summary>
    public int Number { get; } = number;
}
