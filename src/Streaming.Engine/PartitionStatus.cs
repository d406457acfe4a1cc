using Streaming.Features.Events;
using Streaming.Log;

namespace Streaming.Engine;

/// <summary>One partition as its source sees it.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="NextOffset">The next offset to apply: all before it are applied, or dead-lettered.</param>
/// <param name="EndOffset">The log's end at the last tick.</param>
/// <param name="Watermark">The newest event time applied, as events claim it.</param>
/// <param name="State">What the source is doing.</param>
/// <param name="Reason">Why it is paused, else null.</param>
/// <param name="Applied">Events applied since the node started, each counted once, however many entities it feeds.</param>
/// <param name="DeadLettered">Events dead-lettered since the node started.</param>
public sealed record PartitionStatus(
    TopicPartition Partition,
    long NextOffset,
    long EndOffset,
    EventTime Watermark,
    PartitionState State,
    string? Reason,
    long Applied,
    long DeadLettered)
{
    /// <summary>
    /// The newest record timestamp of the last read: when the log took those records. <see cref="EventTime.None"/> before the first. It
    /// measures the source's lag; event times may be old for good reasons (labels come days after their transaction).
    /// </summary>
    public EventTime NewestTimestamp { get; init; } = EventTime.None;

    /// <summary>
    /// The newest event time applied of those that were not ahead of this node's clock; see
    /// <see cref="Features.Serving.IFeatureStore.NewestEventTime"/>.
    /// </summary>
    public EventTime NewestByClock { get; init; } = EventTime.None;

    /// <summary>
    /// Late events since the node started: too old for every window that their entity keeps. An event that is late for two entities
    /// counts twice.
    /// </summary>
    public long Late { get; init; }

    /// <summary>
    /// Events since the node started that their entity had before, within the horizon of their topic, and that were not applied again. An
    /// event that two entities had counts twice.
    /// </summary>
    public long Duplicates { get; init; }

    /// <summary>
    /// Events that were ahead of this node's clock by more than a minute when they were read, since the
    /// node started.
    /// </summary>
    public long AheadOfClock { get; init; }

    /// <summary>Where a restart begins to read: all before it is in snapshots. At the last tick; 0 when nothing is.</summary>
    public long RestartOffset { get; init; }

    /// <summary>
    /// The timestamp of the first record that the features were built from, while that is not far enough back for the longest window:
    /// retention had taken what was before, and no snapshot had it. <see cref="EventTime.None"/> where nothing is missing.
    /// </summary>
    public EventTime HistoryFrom { get; init; } = EventTime.None;

    /// <summary>Offsets that cannot be read yet, from the first record of an open transaction on; at the last tick.</summary>
    public long HeldBack { get; init; }

    /// <summary>Events that became dead letters for unexpected failures since the node started; each is a bug of this program.</summary>
    public long Unexpected { get; init; }

    /// <summary>Commits of its offsets that failed since the node started. Features do not depend on them.</summary>
    public long CommitFailures { get; init; }

    /// <summary>Whether entities have all events up to the log's end at the run's start; see <see cref="IEngineStatus.IsReady"/>.</summary>
    public bool IsComplete { get; init; }

    /// <summary>When it was paused, by the engine's clock; null while it is not.</summary>
    public DateTimeOffset? PausedSince { get; init; }

    /// <summary>
    /// What an operator should know although nothing is paused: events that the log's retention deleted before they were read, events
    /// ahead of the clock, events that an open transaction holds back, commits that fail. Else null.
    /// </summary>
    public string? Notice { get; init; }

    /// <summary>When the notice was made, by the engine's clock; null without one.</summary>
    public DateTimeOffset? NoticedAt { get; init; }
}
