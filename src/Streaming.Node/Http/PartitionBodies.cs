using Streaming.Engine;
using Streaming.Features.Events;

namespace Streaming.Node.Http;

/// <summary>Partitions as bodies show them.</summary>
internal static class PartitionBodies
{
    /// <summary>Its figures.</summary>
    public static PartitionBody Of(PartitionStatus partition, TimeProvider clock) => new(
        partition.Partition.Topic,
        partition.Partition.Partition,
        partition.State switch { PartitionState.CatchingUp => "catching_up", PartitionState.Live => "live", _ => "paused" },
        partition.Reason,
        TimeOf(partition.PausedSince),
        partition.Notice,
        TimeOf(partition.NoticedAt),
        partition.NextOffset,
        partition.EndOffset,
        Lag.Events(partition),
        Lag.Time(partition, clock).TotalSeconds,
        Lag.EventTime(partition, clock)?.TotalSeconds,
        partition.RestartOffset,
        partition.HistoryFrom == EventTime.None ? null : partition.HistoryFrom.ToString(),
        partition.Watermark == EventTime.None ? null : partition.Watermark.ToString(),
        partition.Applied,
        partition.DeadLettered,
        partition.Late,
        partition.Duplicates,
        partition.AheadOfClock,
        partition.HeldBack);

    /// <summary>What an operator should know of it.</summary>
    public static IEnumerable<NoticeBody> Notices(PartitionStatus partition)
    {
        var (topic, number) = (partition.Partition.Topic, partition.Partition.Partition);
        if (partition.State == PartitionState.Paused)
        {
            yield return new(topic, number, $"paused: {partition.Reason}", TimeOf(partition.PausedSince));
        }

        if (partition.Notice is { } notice)
        {
            yield return new(topic, number, notice, TimeOf(partition.NoticedAt));
        }
    }

    // As event times are written.
    private static string? TimeOf(DateTimeOffset? time) => time is { } at ? new EventTime(at.ToUnixTimeMilliseconds()).ToString() : null;
}
