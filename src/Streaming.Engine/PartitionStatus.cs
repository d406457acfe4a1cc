using Streaming.Features.Events;
using Streaming.Log;

namespace Streaming.Engine;

/// <summary>One partition as its source sees it.</summary>
/// <param name="Partition">Which.</param>
/// <param name="NextOffset">The next offset to apply: all before it are applied, or dead-lettered.</param>
/// <param name="EndOffset">The log's end when last looked at.</param>
/// <param name="Watermark">The newest event time applied, as events claim it.</param>
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

    /// <summary>
    /// The newest event time applied of those that were not ahead of this node's clock; see
    /// <see cref="Features.Serving.IFeatureStore.NewestEventTime"/>.
    /// </summary>
    public EventTime NewestByClock { get; init; } = EventTime.None;

    /// <summary>
    /// Events that came to an entity which kept newer ones alone, since the node started: they are in no window that is read. An event that
    /// is late for two entities counts twice.
    /// </summary>
    public long Late { get; init; }

    /// <summary>
    /// Events that were ahead of this node's clock by more than <c>streaming.engine.future-tolerance</c> when they were read, since the
    /// node started.
    /// </summary>
    public long AheadOfClock { get; init; }

    /// <summary>Offsets that nobody can read yet, behind the first record of a transaction that is not ended; when last looked at.</summary>
    public long HeldBack { get; init; }

    /// <summary>Events set aside since the node started for failures that nothing foresaw; each is a fault of this program.</summary>
    public long Unexpected { get; init; }

    /// <summary>Commits of its offsets that failed since the node started. Features do not depend on them.</summary>
    public long CommitFailures { get; init; }

    /// <summary>Whether the entities have all its events up to the end that it had when it was first read; see <see cref="IEngineStatus.IsReady"/>.</summary>
    public bool IsComplete { get; init; }

    /// <summary>Since when it is paused, by the engine's clock; null while it is not.</summary>
    public DateTimeOffset? PausedSince { get; init; }

    /// <summary>
    /// What an operator should know although nothing is paused: events that the log's retention took before they were read, events ahead of
    /// the clock, events that an open transaction holds back, commits that fail. Else null.
    /// </summary>
    public string? Notice { get; init; }

    /// <summary>When the notice was made, by the engine's clock; null without one.</summary>
    public DateTimeOffset? NoticedAt { get; init; }
}
