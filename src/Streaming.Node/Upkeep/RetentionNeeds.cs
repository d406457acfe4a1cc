using Streaming.Contracts.Schemas;
using Streaming.Engine;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Log;
using Streaming.Log.Embedded;

namespace Streaming.Node.Upkeep;

/// <summary>
/// What a node needs of each partition, so that it can go on after a restart, and can build its features again without snapshots. Pure.
/// </summary>
/// <param name="spans">How far back the features need each topic.</param>
/// <param name="futureTolerance">How far an event's time may be ahead of its record's timestamp.</param>
internal sealed class RetentionNeeds(IReadOnlyDictionary<string, SourceSpan> spans, TimeSpan futureTolerance)
{
    /// <summary>The first offset of each partition that may be read again.</summary>
    public static Dictionary<TopicPartition, long> Holds(IEnumerable<PartitionStatus> partitions) =>
        partitions.ToDictionary(status => status.Partition, status => status.RestartOffset);

    /// <summary>
    /// What stays of a partition. A topic that feeds features: what is not in all snapshots, and what lies in the longest window as seen
    /// from the newest event that reads may follow. Another topic of this program: nothing. An unknown topic: null.
    /// </summary>
    public RetentionFloor? FloorOf(TopicPartition partition, IReadOnlyDictionary<TopicPartition, PartitionStatus> statuses)
    {
        if (!spans.TryGetValue(partition.Topic, out var span))
        {
            return EventSchemas.ByTopic.ContainsKey(partition.Topic) ? new RetentionFloor(long.MaxValue, long.MaxValue) : null;
        }

        if (span.Millis is not { } millis || !statuses.TryGetValue(partition, out var status) || status.NewestByClock == EventTime.None)
        {
            return new RetentionFloor(0, long.MinValue);
        }

        var newest = Math.Min(status.NewestByClock.Millis, status.Watermark.Millis);
        return new RetentionFloor(status.RestartOffset, newest - millis - (long)futureTolerance.TotalMilliseconds);
    }
}
