using System.Collections.Immutable;

namespace Streaming.Log.Embedded;

/// <summary>
/// How much each partition holds. The rows are read through once, without their records, on the reading threads and a page at a time;
/// later only what was appended since. Used within <see cref="AloneAsync"/>.
/// </summary>
internal sealed class LogSizes(ReadThreads threads, string path) : IDisposable
{
    private const int PageRows = 20_000;
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly Dictionary<long, RowSizes> _rows = [];

    /// <summary>Runs work that looks, one at a time.</summary>
    public async Task<T> AloneAsync<T>(Func<Task<T>> work, CancellationToken cancellation)
    {
        await _oneAtATime.WaitAsync(cancellation);
        try
        {
            return await work();
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Each partition with its id and the bytes by offset.</summary>
    public async Task<ImmutableArray<(long Id, PartitionSize Size, RowSizes Rows)>> LookAsync(CancellationToken cancellation)
    {
        var partitions = await threads.QueryAsync(static session => All(session.Database), cancellation);
        var sizes = ImmutableArray.CreateBuilder<(long, PartitionSize, RowSizes)>(partitions.Count);
        foreach (var (id, partition) in partitions)
        {
            if (!_rows.TryGetValue(id, out var rows))
            {
                _rows[id] = rows = new RowSizes();
            }

            while (await threads.QueryAsync(session => Add(session.Database, id, rows) == PageRows, cancellation))
            {
            }

            sizes.Add((id, await threads.QueryAsync(session => SizeOf(session, id, partition, rows), cancellation), rows));
        }

        foreach (var gone in _rows.Keys.Except(partitions.Select(static one => one.Id)).ToArray())
        {
            _rows.Remove(gone);
        }

        return sizes.ToImmutable();
    }

    /// <summary>The files' bytes, and those of them that are free for the next records.</summary>
    public async Task<(long Disk, long Free)> FilesAsync(CancellationToken cancellation)
    {
        var free = await threads.QueryAsync(
            static session => session.Database.Number("PRAGMA freelist_count") * session.Database.Number("PRAGMA page_size"), cancellation);
        string[] files = [path, path + "-wal", path + "-shm", EndOffsetsFile.PathOf(path)];
        return (files.Sum(file => new FileInfo(file) is { Exists: true } there ? there.Length : 0), free);
    }

    /// <inheritdoc/>
    public void Dispose() => _oneAtATime.Dispose();

    private static List<(long Id, TopicPartition Partition)> All(Database database)
    {
        var all = new List<(long, TopicPartition)>();
        using var rows = database.Statement(
            "listing partitions",
            "SELECT p.id, t.name, p.number FROM partition p JOIN topic t ON t.id = p.topic ORDER BY t.name, p.number");
        while (rows.Step())
        {
            all.Add((rows.Long(0), new TopicPartition(rows.Text(1), (int)rows.Long(2))));
        }

        rows.Reset();
        return all;
    }

    private static int Add(Database database, long id, RowSizes sizes)
    {
        using var rows = database.Statement(
            "measuring", "SELECT id, count, length(records) FROM batch WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT ?3");
        rows.Bind(1, RowId.Of(id, sizes.NextOffset)).Bind(2, RowId.Last(id)).Bind(3, PageRows);
        var count = 0;
        for (; rows.Step(); count++)
        {
            sizes.Add(RowId.Offset(rows.Long(0)), rows.Long(1), rows.Long(2));
        }

        rows.Reset();
        return count;
    }

    private static PartitionSize SizeOf(ReadSession session, long id, TopicPartition partition, RowSizes sizes)
    {
        using var first = session.Database.Statement(
            "reading the first row", "SELECT id, min_ts FROM batch WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT 1");
        var isEmpty = !first.Bind(1, RowId.First(id)).Bind(2, RowId.Last(id)).Step();
        var (beginning, millis) = isEmpty ? (0L, (long?)null) : (RowId.Offset(first.Long(0)), first.Long(1));
        first.Reset();
        sizes.DeleteBefore(beginning);
        return new PartitionSize(partition, beginning, session.EndOffset(id), sizes.BytesFrom(beginning), millis);
    }
}
