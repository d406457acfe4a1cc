using System.Collections.Immutable;
using Streaming.Log;

namespace Streaming.Node.Upkeep;

/// <summary>
/// How much a log holds that does not say it itself: offsets, and the time of the first record, read when that one changes.
/// </summary>
internal sealed class LogMeasure(IEventLog log)
{
    private readonly Dictionary<TopicPartition, (long Offset, long Millis)> _first = [];

    /// <summary>Measures some partitions.</summary>
    public async Task<LogSize> SizeAsync(IEnumerable<TopicPartition> partitions, CancellationToken cancellation)
    {
        var sizes = ImmutableArray.CreateBuilder<PartitionSize>();
        foreach (var partition in partitions)
        {
            var there = await log.DescribePartitionAsync(partition, cancellation);
            var first = there.End > there.Beginning ? await FirstAsync(partition, there.Beginning, cancellation) : null;
            sizes.Add(new PartitionSize(partition, there.Beginning, there.End, null, first));
        }

        return new LogSize(null, null, sizes.ToImmutable());
    }

    private async Task<long?> FirstAsync(TopicPartition partition, long beginning, CancellationToken cancellation)
    {
        if (_first.TryGetValue(partition, out var known) && known.Offset == beginning)
        {
            return known.Millis;
        }

        try
        {
            await using var reader = log.Read(partition, beginning);
            var records = await reader.ReadAsync(1, cancellation);
            if (records.Count == 0)
            {
                return null;
            }

            _first[partition] = (beginning, records.Timestamps[0]);
            return records.Timestamps[0];
        }
        catch (OffsetOutOfRangeException)
        {
            // Retention was faster; the next look finds the new beginning.
            return null;
        }
    }
}
