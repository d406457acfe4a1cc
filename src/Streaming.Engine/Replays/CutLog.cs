using Streaming.Engine.Sources;
using Streaming.Features.Plans;
using Streaming.Features.State;
using Streaming.Log;

namespace Streaming.Engine.Replays;

/// <summary>What retention has cut from the log, and of which entities a fold of the rest can therefore say nothing.</summary>
/// <param name="beginnings">The first offset of each partition that does not begin at 0.</param>
internal sealed class CutLog(Dictionary<TopicPartition, long> beginnings)
{
    // By feed and partition, the event time at which it begins.
    private readonly Dictionary<(EntityFeed Feed, int Partition), long> _firstMillis = [];

    /// <summary>A read of a partition, in the partition's order.</summary>
    public void Begin(EntityFeed feed, DecodedRead read)
    {
        var batch = read.Batch;
        var rows = read.RowsOf(feed);
        if (rows.Length > 0 && beginnings.ContainsKey(new TopicPartition(feed.Source.Name, batch.Partition)))
        {
            _firstMillis.TryAdd((feed, batch.Partition), batch.Times(feed.TimeField)[rows[0]]);
        }
    }

    /// <summary>
    /// Whether a live state may hold events that are cut: the last of a partition that it applied is, or its longest window reaches back
    /// beyond where the partition begins.
    /// </summary>
    public bool MayLack(EntityState live)
    {
        foreach (var (feed, partition, offset) in live.AppliedOffsets())
        {
            if (beginnings.TryGetValue(new TopicPartition(feed.Source.Name, partition), out var first)
                && (offset < first || Reaches(live, feed, partition)))
            {
                return true;
            }
        }

        return false;
    }

    private bool Reaches(EntityState live, EntityFeed feed, int partition) =>
        SourceSpan.Of(feed).Millis is not { } span
        || !_firstMillis.TryGetValue((feed, partition), out var first)
        || live.Newest.Millis - span < first;
}
