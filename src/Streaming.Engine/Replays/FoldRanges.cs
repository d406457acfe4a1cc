using Streaming.Features.Plans;
using Streaming.Log;

namespace Streaming.Engine.Replays;

/// <summary>
/// Which part of each partition some reads rest on: from what their longest window reaches back to, to what their entities had applied.
/// Marks the reads whose part retention has cut.
/// </summary>
internal sealed class FoldRanges(ReplayServices services, List<ReadFold> folds)
{
    /// <summary>The first offset and the one behind the last, of each partition that is needed.</summary>
    /// <exception cref="EventLogException">The log is unavailable.</exception>
    public async Task<Dictionary<TopicPartition, (long From, long End)>> FindAsync(CancellationToken cancellation)
    {
        var ranges = new Dictionary<TopicPartition, (long From, long End)>();
        foreach (var feed in services.Plans.SelectMany(static plan => plan.Feeds))
        {
            var partitions = (await services.Log.DescribeTopicAsync(feed.Source.Name, cancellation))?.Partitions ?? 0;
            for (var i = 0; i < partitions; i++)
            {
                var touching = folds.FindAll(
                    fold => fold.Entity == feed.Entity && fold.Limit(feed, i) >= 0 && fold.Touches(feed, i, partitions));
                if (touching.Count > 0)
                {
                    var partition = new TopicPartition(feed.Source.Name, i);
                    var range = await RangeAsync(feed, partition, touching, cancellation);
                    var other = ranges.GetValueOrDefault(partition, range);
                    ranges[partition] = (Math.Min(range.From, other.From), Math.Max(range.End, other.End));
                }
            }
        }

        return ranges;
    }

    private async Task<(long From, long End)> RangeAsync(
        EntityFeed feed, TopicPartition partition, List<ReadFold> touching, CancellationToken cancellation)
    {
        var beginning = await services.Log.BeginningOffsetAsync(partition, cancellation);
        var end = touching.Max(fold => fold.Limit(feed, partition.Partition)) + 1;
        var from = await FirstAsync(partition, touching.Min(SinceMillis), beginning, cancellation);
        if (beginning > 0 && from == beginning)
        {
            // Whether records before the first one would be needed cannot be told: only those reads are whole that begin later.
            foreach (var fold in touching)
            {
                fold.IsCut |= await FirstAsync(partition, SinceMillis(fold), beginning, cancellation) == beginning;
            }
        }

        return (from, Math.Max(from, end));

        long SinceMillis(ReadFold fold) => fold.SinceMillis(feed, services.Settings.FutureTolerance);
    }

    private async Task<long> FirstAsync(TopicPartition partition, long sinceMillis, long beginning, CancellationToken cancellation) =>
        sinceMillis <= 0
            ? beginning
            : Math.Max(
                beginning,
                await services.Log.OffsetForTimestampAsync(partition, sinceMillis, cancellation)
                    ?? await services.Log.EndOffsetAsync(partition, cancellation));
}
