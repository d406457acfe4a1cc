using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Features.Serving;
using Streaming.Features.State;
using Streaming.Log;

namespace Streaming.Engine;

/// <summary>What a running engine offers to those who ask: features from memory, and how fresh they are. Thread-safe.</summary>
public interface IFeatureStore
{
    /// <summary>What is computed.</summary>
    FeatureCatalog Catalog { get; }

    /// <summary>The newest event time that this node has applied; <see cref="EventTime.None"/> before the first event.</summary>
    EventTime NewestEventTime { get; }

    /// <summary>Whether every partition of this node is <see cref="PartitionState.Live"/>: what is read now is as new as the log.</summary>
    bool IsCaughtUp { get; }

    /// <summary>
    /// Whether everything that the log held when this node started is in its memory. An outage of the log does not take that away: answers
    /// grow old and say so. A lost entity does, until its events have been read again.
    /// </summary>
    bool IsReady { get; }

    /// <summary>The partitions that this node reads.</summary>
    IReadOnlyList<PartitionStatus> Partitions { get; }

    /// <summary>Entities in this node's memory, by entity type.</summary>
    IReadOnlyList<EntityCount> Entities { get; }

    /// <summary>
    /// Reads an entity from this node's memory at once, on the caller's thread, without a lock and without allocation; also one that
    /// nothing is known of, whose values are absent. Anything but
    /// <see cref="ReadOutcome.Done"/> and <see cref="ReadOutcome.TooOld"/> means: use <see cref="ReadAsync"/>.
    /// </summary>
    /// <param name="read">What to read; its entity says the type.</param>
    /// <param name="key">The entity key, UTF-8.</param>
    /// <param name="atMillis">The event time of the read.</param>
    /// <param name="request">A hypothetical event at the read time; null for none.</param>
    /// <param name="row">Its row.</param>
    /// <param name="output">Where the values go, at least <see cref="EntityReadPlan.OutputLength"/> long.</param>
    ReadOutcome TryRead(EntityReadPlan read, ReadOnlySpan<byte> key, long atMillis, EventBatch? request, int row, Span<FeatureValue> output);

    /// <summary>
    /// Reads an entity by asking its actor; an entity that nothing is known of has absent values.
    /// The request and the output are the engine's until the task ends, however it ends.
    /// </summary>
    /// <exception cref="TimeoutException">The entity did not answer within <c>streaming.engine.read-timeout</c>.</exception>
    ValueTask<ReadOutcome> ReadAsync(
        EntityReadPlan read, ReadOnlyMemory<byte> key, long atMillis, EventBatch? request, int row, Memory<FeatureValue> output, CancellationToken cancellation);
}

/// <summary>What a partition source is doing.</summary>
public enum PartitionState
{
    /// <summary>Reading what was there when the node started.</summary>
    CatchingUp,

    /// <summary>Reading events as they arrive.</summary>
    Live,

    /// <summary>Waiting for something outside to come back; see <see cref="PartitionStatus.Reason"/>. Nothing is dropped.</summary>
    Paused,
}

/// <summary>One partition as its source sees it.</summary>
/// <param name="Partition">Which.</param>
/// <param name="NextOffset">The next offset to apply: all before it are applied, or dead-lettered.</param>
/// <param name="EndOffset">The log's end when last looked at.</param>
/// <param name="Watermark">The newest event time read.</param>
/// <param name="State">What the source is doing.</param>
/// <param name="Reason">Why it is paused, else null.</param>
/// <param name="Applied">Events applied since the node started, each once whatever it feeds and however often it is read again.</param>
/// <param name="DeadLettered">Events dead-lettered since the node started.</param>
public sealed record PartitionStatus(
    TopicPartition Partition, long NextOffset, long EndOffset, EventTime Watermark, PartitionState State, string? Reason, long Applied, long DeadLettered)
{
    /// <summary>
    /// The newest record timestamp of the last read: when the log took what was read last. <see cref="EventTime.None"/> before the
    /// first. How far a source lags is told by it; event times may be old for good reasons (labels come days after their transaction).
    /// </summary>
    public EventTime NewestTimestamp { get; init; } = EventTime.None;

    /// <summary>Whether the entities have all its events up to the end that it had when it was first read; see <see cref="IFeatureStore.IsReady"/>.</summary>
    public bool IsComplete { get; init; }

    /// <summary>Since when it is paused, by the engine's clock; null while it is not.</summary>
    public DateTimeOffset? PausedSince { get; init; }

    /// <summary>What an operator should know although nothing is paused: events that the log's retention took before they were read. Else null.</summary>
    public string? Notice { get; init; }

    /// <summary>When the notice was made, by the engine's clock; null without one.</summary>
    public DateTimeOffset? NoticedAt { get; init; }
}

/// <summary>How many entities of a type are in memory, and the bytes of their state.</summary>
public sealed record EntityCount(string Entity, long Count, long StateBytes);
