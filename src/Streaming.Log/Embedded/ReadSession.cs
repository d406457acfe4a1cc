// Hot: finds and copies the rows of a read.
namespace Streaming.Log.Embedded;

/// <summary>One thread's connection and prepared statements for reading.</summary>
internal sealed class ReadSession : IDisposable
{
    private readonly Database _database;
    private readonly EmbeddedLogSettings _settings;
    private readonly LogDamage _damage;
    private readonly Statement _rows;
    private readonly Statement _lastRow;
    private readonly Statement _firstRow;
    private readonly Statement _rowFrom;
    private readonly Statement _partitionExists;
    private readonly Statement _topicByName;
    private readonly Statement _committed;
    private readonly Statement _start;

    public ReadSession(Database database, EmbeddedLogSettings settings, LogDamage damage)
    {
        _damage = damage;
        _database = database;
        _settings = settings;
        _rows = database.Statement("reading records", """
            SELECT id, count, checksum, records FROM batch
            WHERE id >= coalesce((SELECT b.id FROM batch b WHERE b.id BETWEEN ?2 AND ?1 ORDER BY b.id DESC LIMIT 1), ?1)
              AND id <= ?3 ORDER BY id
            """);
        _lastRow = database.Statement(
            "reading the end offset", "SELECT id, count FROM batch WHERE id BETWEEN ?1 AND ?2 ORDER BY id DESC LIMIT 1");
        _firstRow = database.Statement(
            "reading the beginning offset", "SELECT id FROM batch WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT 1");
        _rowFrom = database.Statement(
            "searching a timestamp",
            "SELECT id, max_ts_so_far, count, checksum, records FROM batch WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT 1");
        _partitionExists = database.Statement("looking up a partition", "SELECT 1 FROM partition WHERE id = ?1");
        _topicByName = TopicEntry.ByName(database);
        _start = database.Statement("reading a first offset", "SELECT first_offset FROM retained WHERE partition = ?1");
        _committed = database.Statement(
            "reading a committed offset", "SELECT next_offset FROM committed WHERE consumer_group = ?1 AND partition = ?2");
    }

    /// <summary>The thread's connection.</summary>
    public Database Database => _database;

    public TopicEntry? FindTopic(string topic) => TopicEntry.Find(_topicByName, topic);

    /// <summary>Fails if the partition ends before an offset that was read: it has lost records.</summary>
    public void RequireEnd(TopicPartition partition, long partitionId, long nextOffset)
    {
        // A deleted partition ends at 0 and is no damage.
        if (EndOffset(partitionId) is var end && end < nextOffset && PartitionExists(partitionId))
        {
            throw _damage.Found($"{partition}: it was read to offset {nextOffset}, and ends at {end} now");
        }
    }

    public bool PartitionExists(long partitionId) => _partitionExists.Bind(1, partitionId).Scalar() is not null;

    public long BeginningOffset(long partitionId) => RowId.Offset(Range(_firstRow, partitionId).Scalar() ?? 0);

    public long EndOffset(long partitionId)
    {
        try
        {
            return Range(_lastRow, partitionId).Step() ? RowId.Offset(_lastRow.Long(0)) + _lastRow.Long(1) : 0;
        }
        finally
        {
            _lastRow.Reset();
        }
    }

    public long? CommittedOffset(string group, long partitionId) => _committed.Bind(1, group).Bind(2, partitionId).Scalar();

    /// <summary>
    /// Copies the records from an offset on, and moves the offset behind them; null when there are none. The rest of a row that did not fit
    /// is left in <paramref name="rest"/>. Offsets whose loss was accepted are skipped.
    /// </summary>
    public RecordBatch? Read(
        TopicPartition partition, long partitionId, ref long nextOffset, int maxRecords, SpareBatches spare, ref RecordBatch? rest)
    {
        RecordBatch? batch = null;
        var isFirst = true;
        _rows.Bind(1, RowId.Of(partitionId, nextOffset)).Bind(2, RowId.First(partitionId)).Bind(3, RowId.Last(partitionId));
        try
        {
            while (_rows.Step())
            {
                var baseOffset = RowId.Offset(_rows.Long(0));
                var count = (int)_rows.Long(1);
                RequireNext(partition, nextOffset, baseOffset, isFirst ? partitionId : null);
                isFirst = false;
                var skip = (int)Math.Min(nextOffset - baseOffset, count);
                nextOffset = Math.Max(nextOffset, baseOffset + count);
                if (skip == count || BatchBlob.IsHole(_rows.Blob(3), Seed(_rows), _rows.Long(2)))
                {
                    continue;
                }

                var blob = Blob(_rows, partition, count, 2);
                batch ??= spare.Take(Math.Min(maxRecords, Math.Max(count - skip, 64)), _rows.Blob(3).Length);
                var take = Math.Min(count - skip, maxRecords - batch.Count);
                blob.CopyTo(batch, baseOffset + skip, skip, take);
                if (batch.Count == maxRecords || batch.Bytes >= _settings.TransactionBytesMax)
                {
                    rest = Rest(in blob, baseOffset, skip + take, spare);
                    break;
                }
            }
        }
        finally
        {
            _rows.Reset();
        }

        return batch;
    }

    /// <summary>
    /// Binary search over the partition's rows by their highest timestamp so far, which never falls: the row where it reaches the given
    /// one holds the first such record. About 40 look-ups by key, whatever the partition's size, and no further index.
    /// </summary>
    public long? OffsetForTimestamp(TopicPartition partition, long partitionId, long timestampMillis)
    {
        var (low, high) = (RowId.First(partitionId), RowId.Of(partitionId, EndOffset(partitionId)));
        var until = high;
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (TryRow(middle, until, out var id, out var highest) && highest < timestampMillis)
            {
                low = id + 1;
            }
            else
            {
                high = middle;
            }
        }

        return FirstInRow(partition, low, until, timestampMillis);
    }

    public void Dispose()
    {
        Statement[] statements = [_rows, _lastRow, _firstRow, _rowFrom, _partitionExists, _topicByName, _committed, _start];
        foreach (var statement in statements)
        {
            statement.Dispose();
        }

        _database.Dispose();
    }

    private static Statement Range(Statement statement, long partitionId) =>
        statement.Bind(1, RowId.First(partitionId)).Bind(2, RowId.Last(partitionId));

    private static RecordBatch? Rest(in BatchBlob blob, long baseOffset, int from, SpareBatches spare)
    {
        if (from == blob.Count)
        {
            return null;
        }

        var rest = spare.Take(blob.Count - from, 0);
        blob.CopyTo(rest, baseOffset + from, from, blob.Count - from);
        return rest;
    }

    private bool TryRow(long from, long until, out long id, out long highest)
    {
        var found = _rowFrom.Bind(1, from).Bind(2, until).Step();
        (id, highest) = found ? (_rowFrom.Long(0), _rowFrom.Long(1)) : (0, 0);
        _rowFrom.Reset();
        return found;
    }

    private long? FirstInRow(TopicPartition partition, long from, long until, long timestampMillis)
    {
        // One row, unless the one that reached the timestamp first was lost.
        while (TryRow(from, until, out var id, out _))
        {
            if (FirstIn(id, partition, timestampMillis) is { } found)
            {
                return found;
            }

            from = id + 1;
        }

        return null;
    }

    private long? FirstIn(long id, TopicPartition partition, long timestampMillis)
    {
        try
        {
            if (!_rowFrom.Bind(1, id).Bind(2, id).Step() || BatchBlob.IsHole(_rowFrom.Blob(4), Seed(_rowFrom), _rowFrom.Long(3)))
            {
                return null;
            }

            var first = Blob(_rowFrom, partition, (int)_rowFrom.Long(2), 3).FirstAtOrAfter(timestampMillis);
            return first < 0 ? null : RowId.Offset(id) + first;
        }
        finally
        {
            _rowFrom.Reset();
        }
    }

    private long Seed(Statement row) => row.Long(0) ^ _database.Identity.Seed;

    /// <summary>
    /// Offsets are dense: a row begins where the one before it ended; the first row of a read begins at the wanted offset, or before,
    /// unless retention has deleted that one. In the transaction of the read, so that another process's deletion is seen whole.
    /// </summary>
    private void RequireNext(TopicPartition partition, long nextOffset, long baseOffset, long? first)
    {
        if (baseOffset > nextOffset)
        {
            if (first is { } partitionId && _start.Bind(1, partitionId).Scalar() == baseOffset)
            {
                throw new OffsetOutOfRangeException(partition, nextOffset, baseOffset, $"embedded log {_settings.Path}");
            }

            throw _damage.Found($"{partition}: offsets {nextOffset} to {baseOffset - 1} are missing");
        }

        if (baseOffset < nextOffset && first is null)
        {
            throw _damage.Found($"{partition}: the row at offset {baseOffset} overlaps the one before it");
        }
    }

    private BatchBlob Blob(Statement row, TopicPartition partition, int count, int checksumColumn)
    {
        if (BatchBlob.TryParse(row.Blob(checksumColumn + 1), count, Seed(row), row.Long(checksumColumn), out var blob))
        {
            return blob;
        }

        throw _damage.Found($"{partition}: the records from offset {RowId.Offset(row.Long(0))} on (count {count}) fail their checksum");
    }
}
