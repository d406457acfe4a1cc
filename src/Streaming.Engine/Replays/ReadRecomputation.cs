// Hot: every event of the log that a read may rest on passes Apply.
using Streaming.Engine.Entities;
using Streaming.Engine.Sources;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Features.Serving;
using Streaming.Log;

namespace Streaming.Engine.Replays;

/// <summary>
/// Computes reads again that were answered: for each it folds the events that its entity had applied, and no other, out of the log, and
/// reads at the same event time. Many reads share one reading of the log. Used by one caller at a time.
/// </summary>
/// <param name="services">What is read.</param>
/// <param name="pace">Called after each piece of the log with the offsets that it had; it may wait.</param>
public sealed class ReadRecomputation(ReplayServices services, Func<long, CancellationToken, ValueTask> pace)
{
    private const int PassesMax = 20;

    // A piece of the log is decoded in about a millisecond: a core is not taken from a request for longer.
    private const int ReadRecords = 1_024;

    private readonly SettledEvents _settled = new(services.Log);
    private readonly Dictionary<EntityPlan, FoldsByKey> _folds = [];
    private readonly HashSet<(ReadFold Fold, int Feed, int Partition, long Offset)> _poison = [];

    /// <summary>Computes some reads again, all pinned by an engine of this process.</summary>
    /// <returns>What the log gives, one for each read.</returns>
    /// <exception cref="Ingest.IngestException">The registry does not answer.</exception>
    /// <exception cref="EventLogException">The log is unavailable, or retention has overtaken the reading.</exception>
    public async Task<IReadOnlyList<RecomputedRead>> RunAsync(IEnumerable<PinnedRead> reads, CancellationToken cancellation)
    {
        var folds = reads.Select(static read => new ReadFold(read)).ToList();
        try
        {
            // A pass more for those alone on which an event failed: what the others have folded they skip.
            for (var pass = 0; pass < PassesMax && (pass == 0 || folds.Exists(static fold => fold.HasFailed)); pass++)
            {
                folds.FindAll(static fold => fold.HasFailed).ForEach(static fold => fold.Restart());
                await FoldAsync(folds, cancellation);
            }

            return [.. folds.Select(static fold => fold.Read())];
        }
        finally
        {
            _folds.Clear();
            _poison.Clear();
        }
    }

    private async Task FoldAsync(List<ReadFold> folds, CancellationToken cancellation)
    {
        var ranges = await new FoldRanges(services, folds).FindAsync(cancellation);
        foreach (var fold in folds.Where(static fold => !fold.IsCut))
        {
            _folds.TryAdd(fold.Entity, new FoldsByKey());
            _folds[fold.Entity].Add(fold);
        }

        await using var log = new LogFold(services, Apply, ReadRecords);
        await log.OpenAsync(ranges, _settled, cancellation);
        var before = 0L;
        await log.RunAsync(
            async done =>
            {
                await pace(done - before, cancellation);
                before = done;
            },
            cancellation);
    }

    private void Apply(EntityFeed feed, DecodedRead read)
    {
        if (!_folds.TryGetValue(feed.Entity, out var byKey))
        {
            return;
        }

        var (batch, keys) = (read.Batch, read.Batch.Texts(feed.KeyField));
        foreach (var row in read.RowsOf(feed))
        {
            foreach (var fold in byKey.Of(keys[row]))
            {
                if (!fold.HasFailed && batch.Offsets[row] <= fold.Limit(feed, batch.Partition))
                {
                    Apply(fold, feed, batch, row);
                }
            }
        }
    }

    private void Apply(ReadFold fold, EntityFeed feed, EventBatch batch, int row)
    {
        var place = (fold, feed.Index, batch.Partition, batch.Offsets[row]);
        if (_poison.Count > 0 && _poison.Contains(place))
        {
            return;
        }

        try
        {
            fold.State.Apply(feed, batch, [row]);
        }
        catch (Exception cause) when (EntityActor.IsCausedByEvent(cause))
        {
            // As in a node: the feed skips the event, and the entity begins again.
            fold.HasFailed = true;
            _poison.Add(place);
        }
    }

    private sealed class FoldsByKey
    {
        private readonly Dictionary<byte[], List<ReadFold>> _byKey = new(Utf8KeyComparer.Instance);
        private readonly Dictionary<byte[], List<ReadFold>>.AlternateLookup<ReadOnlySpan<byte>> _byBytes;

        public FoldsByKey() => _byBytes = _byKey.GetAlternateLookup<ReadOnlySpan<byte>>();

        public void Add(ReadFold fold)
        {
            if (!_byBytes.TryGetValue(fold.Key, out var folds))
            {
                _byKey.Add(fold.Key, folds = []);
            }

            if (!folds.Contains(fold))
            {
                folds.Add(fold);
            }
        }

        public List<ReadFold> Of(ReadOnlySpan<byte> key) => _byBytes.TryGetValue(key, out var folds) ? folds : s_none;

        private static readonly List<ReadFold> s_none = [];
    }
}
