using Streaming.Engine;
using Streaming.Features.Events;

namespace Streaming.Node;

/// <summary>How far a partition is behind.</summary>
internal static class Lag
{
    /// <summary>Events in the log that are not applied yet.</summary>
    public static long Events(PartitionStatus partition) => Math.Max(0, partition.EndOffset - partition.NextOffset);

    /// <summary>
    /// How long ago the log took the last record that was read; zero if nothing is left to apply, because the last record may be old
    /// then. By the record's timestamp and not the event time: a label's event time is its transaction's, a week ago.
    /// </summary>
    public static TimeSpan Time(PartitionStatus partition, TimeProvider clock) =>
        Events(partition) > 0 && Since(partition.NewestTimestamp, clock) is { } time && time > TimeSpan.Zero ? time : TimeSpan.Zero;

    /// <summary>
    /// The clock minus the newest event time applied: below zero where events come from the future; null before the first.
    /// </summary>
    public static TimeSpan? EventTime(PartitionStatus partition, TimeProvider clock) => Since(partition.Watermark, clock);

    private static TimeSpan? Since(EventTime time, TimeProvider clock) =>
        time == Streaming.Features.Events.EventTime.None
            ? null
            : clock.GetUtcNow() - DateTimeOffset.UnixEpoch - TimeSpan.FromMilliseconds(time.Millis);
}
