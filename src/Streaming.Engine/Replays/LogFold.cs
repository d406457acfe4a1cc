// Hot: decodes the whole log.
using Streaming.Engine.Sources;
using Streaming.Features.Plans;
using Streaming.Log;

namespace Streaming.Engine.Replays;

/// <summary>
/// Reads the log, or parts of it, and folds each event into the entities that it feeds: with the engine's decoding, rules and states,
/// without its sources, actors and checkpoints. Partitions are read side by side, by their records' timestamps.
/// </summary>
/// <param name="services">What is read.</param>
/// <param name="apply">Takes what a feed delivers.</param>
/// <param name="readRecords">Records of one read of a partition.</param>
internal sealed class LogFold(ReplayServices services, Action<EntityFeed, DecodedRead> apply, int readRecords = 16_384) : IAsyncDisposable
{
    private readonly List<Cursor> _cursors = [];

    /// <summary>Offsets that are to be read.</summary>
    public long Total { get; private set; }

    /// <summary>Whether the log begins later than at offset 0 somewhere.</summary>
    public bool IsCut => Cuts.Count > 0;

    /// <summary>Where it begins in the partitions that it does not have from offset 0 on.</summary>
    public Dictionary<TopicPartition, long> Cuts { get; } = [];

    /// <summary>Opens all partitions, up to their ends now.</summary>
    /// <exception cref="EventLogException">The log is unavailable.</exception>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        var settled = new SettledEvents(services.Log);
        foreach (var plan in services.Plans)
        {
            var partitions = (await services.Log.DescribeTopicAsync(plan.Source.Name, cancellation))?.Partitions ?? 0;
            for (var i = 0; i < partitions; i++)
            {
                var partition = new TopicPartition(plan.Source.Name, i);
                var (from, end) = (
                    await services.Log.BeginningOffsetAsync(partition, cancellation),
                    await services.Log.EndOffsetAsync(partition, cancellation));
                if (from > 0)
                {
                    Cuts[partition] = from;
                }

                await OpenAsync(plan, partition, from, end, settled, cancellation);
            }
        }
    }

    /// <summary>Opens some partitions, each from an offset up to another.</summary>
    /// <param name="ranges">The first offset and the one behind the last.</param>
    /// <param name="settled">The dead letters; kept from one fold to the next, it reads only what is new.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="EventLogException">The log is unavailable.</exception>
    public async Task OpenAsync(
        IReadOnlyDictionary<TopicPartition, (long From, long End)> ranges, SettledEvents settled, CancellationToken cancellation)
    {
        foreach (var (partition, (from, end)) in ranges)
        {
            await OpenAsync(services.PlanOf(partition.Topic)!, partition, from, end, settled, cancellation);
        }
    }

    /// <summary>Folds all.</summary>
    /// <param name="progress">Told how many offsets are read.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="Ingest.IngestException">The registry does not answer.</exception>
    /// <exception cref="EventLogException">The log is unavailable.</exception>
    public async Task RunAsync(Func<long, ValueTask> progress, CancellationToken cancellation)
    {
        var done = 0L;
        while (Next() is { } cursor)
        {
            var before = cursor.Reader.NextOffset;
            var records = await cursor.Reader.ReadAsync(readRecords, cancellation);
            var read = await cursor.Judge.DecodeAsync(records, cursor.Reader.NextOffset, cancellation);
            foreach (var feed in cursor.Plan.Feeds)
            {
                apply(feed, read);
            }

            cursor.Timestamp = records.Count > 0 ? records.Timestamps[records.Count - 1] : cursor.Timestamp;
            cursor.Judge.Release(read);
            cursor.Reader.Recycle(records);
            await progress(done += cursor.Reader.NextOffset - before);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var cursor in _cursors)
        {
            await cursor.Reader.DisposeAsync();
        }
    }

    private async Task OpenAsync(
        SourcePlan plan, TopicPartition partition, long from, long end, SettledEvents settled, CancellationToken cancellation)
    {
        var judge = new RecordJudge(services, plan, partition.Partition, await settled.OfAsync(partition, cancellation));
        Total += end - from;
        _cursors.Add(new Cursor(plan, judge, services.Log.Read(partition, from), end));
    }

    private Cursor? Next()
    {
        Cursor? next = null;
        foreach (var cursor in _cursors)
        {
            if (cursor.Reader.NextOffset < cursor.End && (next is null || cursor.Timestamp < next.Timestamp))
            {
                next = cursor;
            }
        }

        return next;
    }

    private sealed class Cursor(SourcePlan plan, RecordJudge judge, IPartitionReader reader, long end)
    {
        public SourcePlan Plan { get; } = plan;

        public RecordJudge Judge { get; } = judge;

        public IPartitionReader Reader { get; } = reader;

        public long End { get; } = end;

        public long Timestamp { get; set; } = long.MinValue;
    }
}
