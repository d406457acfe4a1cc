using Streaming.Features.Events;
using Streaming.Node.Upkeep;

namespace Streaming.Node.Http;

/// <summary>The event log.</summary>
/// <param name="DiskBytes">The embedded log's files; null with Kafka.</param>
/// <param name="FreeBytes">What of them is free for the next records; null with Kafka.</param>
/// <param name="Topics">Each topic.</param>
internal sealed record LogBody(long? DiskBytes, long? FreeBytes, LogTopicBody[] Topics)
{
    public static LogBody? Of(LogState? state) => state is null ? null : new(
        state.Size.DiskBytes,
        state.Size.FreeBytes,
        [
            .. state.Size.Partitions.GroupBy(static part => part.Partition.Topic).Select(topic => new LogTopicBody(
                topic.Key,
                topic.Sum(static part => part.Records),
                topic.Any(static part => part.Bytes is null) ? null : topic.Sum(static part => part.Bytes),
                [.. topic.Select(static part => part.FirstOffset)],
                topic.Min(static part => part.FirstMillis) is { } oldest ? new EventTime(oldest).ToString() : null,
                state.Deleted.GetValueOrDefault(topic.Key),
                state.Retention.Any(part => part.Partition.Topic == topic.Key && part.IsHeld))),
        ]);
}

/// <summary>A topic of the event log.</summary>
/// <param name="Topic">Its name.</param>
/// <param name="Records">Records that the log keeps.</param>
/// <param name="Bytes">What they take; null with Kafka.</param>
/// <param name="FirstOffsets">The first offset of each partition, by number.</param>
/// <param name="FirstTime">The timestamp of the oldest record; null without records.</param>
/// <param name="Deleted">Records that this node's retention deleted since it started.</param>
/// <param name="Held">Whether it is over its limits, because its records are still needed.</param>
internal sealed record LogTopicBody(
    string Topic, long Records, long? Bytes, long[] FirstOffsets, string? FirstTime, long Deleted, bool Held);
