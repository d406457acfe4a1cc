using System.Collections.Immutable;

namespace Streaming.Log.Embedded;

/// <summary>
/// One look at all partitions: what the limits do not keep and nobody needs is deleted, in short transactions between those of appends;
/// then space is given back. Safe beside other processes: a transaction sees the file as it is, and two passes at once delete what one
/// would.
/// </summary>
internal sealed class RetentionPass(ReadThreads threads, LogWriter writer, LogSizes sizes, RetentionRules rules, TimeProvider time)
{
    public async Task<ImmutableArray<PartitionRetention>> RunAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var until = now + (long)rules.HoldFor.TotalMilliseconds;
        await writer.WriteAsync(new HoldRequest(rules.Holder, [.. rules.Holds], now, until), cancellation);
        var done = ImmutableArray.CreateBuilder<PartitionRetention>();
        foreach (var topic in (await sizes.LookAsync(cancellation)).GroupBy(static part => part.Size.Partition.Topic))
        {
            if (rules.LimitsOf(topic.Key) is { } limits && limits != RetentionLimits.None)
            {
                done.AddRange(await RetainAsync([.. topic], limits, now, cancellation));
            }
        }

        if (done.Any(static part => part.Deleted > 0))
        {
            await GiveBackAsync(cancellation);
        }

        return done.ToImmutable();
    }

    private async Task GiveBackAsync(CancellationToken cancellation)
    {
        while (await writer.WriteAsync(new GiveBackRequest(), cancellation))
        {
        }
    }

    private async Task<IEnumerable<PartitionRetention>> RetainAsync(
        ImmutableArray<(long Id, PartitionSize Size, RowSizes Rows)> topic,
        RetentionLimits limits,
        long now,
        CancellationToken cancellation)
    {
        var newest = await threads.QueryAsync(session => topic.Max(part => Newest(session.Database, part.Id)), cancellation);
        var keptFrom = limits.Time is { } span ? Math.Min(newest, now) - (long)span.TotalMilliseconds : long.MinValue;
        var bytes = topic.Sum(static part => part.Size.Bytes ?? 0);
        var done = new List<PartitionRetention>(topic.Length);
        foreach (var (id, size, rows) in topic)
        {
            var share = limits.Bytes is { } limit ? RetentionCut.Share(limit, size.Bytes ?? 0, bytes) : long.MaxValue;
            var byBytes = share == long.MaxValue ? 0 : rows.OffsetLeaving(share);
            var cut = await threads.QueryAsync(session => Cut(session, id, size, keptFrom, byBytes, now), cancellation);
            var first = cut.Offset > size.FirstOffset ? await TrimAsync(size.Partition, cut.Offset, cancellation) : size.FirstOffset;
            done.Add(new PartitionRetention(size.Partition, first, first - size.FirstOffset, cut.IsHeld));
        }

        return done;
    }

    private async Task<long> TrimAsync(TopicPartition partition, long before, CancellationToken cancellation)
    {
        while (true)
        {
            var step = await writer.WriteAsync(new TrimRequest(partition, before), cancellation);
            if (step.IsLast)
            {
                return step.FirstOffset;
            }
        }
    }

    private RetentionCut Cut(ReadSession session, long id, PartitionSize size, long keptFrom, long byBytes, long now)
    {
        var byTime = keptFrom == long.MinValue ? 0 : Reaching(session, size, id, keptFrom);
        if (rules.FloorOf(size.Partition) is not { } floor)
        {
            return RetentionCut.Of(size.FirstOffset, byTime, byBytes, Least(session.Database, CommittedSql, id, now) ?? 0);
        }

        var holds = Least(session.Database, HoldSql, id, now) ?? long.MaxValue;
        // With the record before, the log says by itself that it reaches far enough.
        var needed = floor.Millis == long.MaxValue ? long.MaxValue : Reaching(session, size, id, floor.Millis) - 1;
        return RetentionCut.Of(size.FirstOffset, byTime, byBytes, floor.Offset, holds, needed);
    }

    private const string CommittedSql = "SELECT min(next_offset) FROM committed WHERE partition = ?1 AND ?2 > 0";
    private const string HoldSql = "SELECT min(next_offset) FROM hold WHERE partition = ?1 AND until_ms >= ?2";

    private static long? Least(Database database, string sql, long id, long now)
    {
        using var least = database.Statement("reading what is needed", sql);
        return least.Bind(1, id).Bind(2, now).Scalar();
    }

    private static long Reaching(ReadSession session, PartitionSize size, long id, long millis) =>
        millis == long.MinValue ? 0 : session.OffsetForTimestamp(size.Partition, id, millis) ?? size.EndOffset;

    private static long Newest(Database database, long id)
    {
        using var last = database.Statement(
            "reading the newest timestamp", "SELECT max_ts_so_far FROM batch WHERE id BETWEEN ?1 AND ?2 ORDER BY id DESC LIMIT 1");
        return last.Bind(1, RowId.First(id)).Bind(2, RowId.Last(id)).Scalar() ?? long.MinValue / 2;
    }
}
