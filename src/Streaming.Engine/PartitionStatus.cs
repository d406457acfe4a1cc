using Streaming.Features.Events;
using Streaming.Log;

namespace Streaming.Engine;

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

    /// <summary>Whether the entities have all its events up to the end that it had when it was first read; see <see cref="IEngineStatus.IsReady"/>.</summary>
    public bool IsComplete { get; init; }

    /// <summary>Since when it is paused, by the engine's clock; null while it is not.</summary>
    public DateTimeOffset? PausedSince { get; init; }

    /// <summary>What an operator should know although nothing is paused: events that the log's retention took before they were read. Else null.</summary>
    public string? Notice { get; init; }

    /// <summary>When the notice was made, by the engine's clock; null without one.</summary>
    public DateTimeOffset? NoticedAt { get; init; }
}
