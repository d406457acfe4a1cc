// Hot: gathers appended records by partition and writes them as rows.
namespace Streaming.Log.Embedded;

/// <summary>
/// The writer's connection: one transaction at a time, and what is known of topics and ends of partitions while no other process
/// wrote. Records appended to a partition in one transaction, by however many callers, become one row (more when they are many bytes).
/// </summary>
internal sealed class LogTransaction : IDisposable
{
    /// <summary>
    /// Key and value bytes after which a row is closed: large enough to be read in bulk, small enough to be read in part.
    /// </summary>
    private const int RowBytes = 1 << 20;
    private const int RowRecords = 16_384;

    private readonly AppendSignals _signals;
    private readonly EndOffsetsFile _ends;
    private readonly Dictionary<string, TopicEntry> _topics = [];
    private readonly Dictionary<long, PartitionTail> _tails = [];
    private readonly List<PartitionTail> _touched = [];
    private readonly Statement _dataVersion;
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _insert;
    private readonly Statement _lastRow;
    private readonly Statement _topicByName;
    private readonly Statement _commitOffset;
    private byte[] _blob = new byte[64 << 10];
    private long _version;

    public LogTransaction(Database database, Checkpointer checkpointer, AppendSignals signals, EndOffsetsFile ends, string where)
    {
        Database = database;
        Checkpointer = checkpointer;
        _signals = signals;
        _ends = ends;
        Where = where;
        _dataVersion = database.Statement("looking for other writers", "PRAGMA data_version");
        _begin = database.Statement("beginning a transaction", "BEGIN IMMEDIATE");
        _commit = database.Statement("committing", "COMMIT");
        _insert = database.Statement(
            "appending",
            "INSERT INTO batch (id, count, min_ts, max_ts, max_ts_so_far, checksum, records) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
        _lastRow = database.Statement(
            "reading the end offset", "SELECT id, count, max_ts_so_far FROM batch WHERE id BETWEEN ?1 AND ?2 ORDER BY id DESC LIMIT 1");
        _topicByName = TopicEntry.ByName(database);
        _commitOffset = database.Statement("committing an offset", """
            INSERT INTO committed (consumer_group, partition, next_offset) VALUES (?1, ?2, ?3)
            ON CONFLICT (consumer_group, partition) DO UPDATE SET next_offset = excluded.next_offset
            """);
        _version = _dataVersion.Scalar() ?? 0;
    }

    /// <summary>The log's name in messages.</summary>
    public string Where { get; }

    /// <summary>The writer's connection.</summary>
    public Database Database { get; }

    /// <summary>Copies pages from the write-ahead log.</summary>
    public Checkpointer Checkpointer { get; }

    /// <summary>Whether another process (or another log on the same file) committed since the last look; wakes the readers then.</summary>
    public bool SeeOthers()
    {
        var now = _dataVersion.Scalar() ?? 0;
        if (now == _version)
        {
            return false;
        }

        _version = now;
        Forget();
        _signals.PulseAll();
        return true;
    }

    /// <summary>Begins to write; whether others had committed meanwhile.</summary>
    public bool Begin()
    {
        Database.RequireInPlace();
        _begin.Execute();
        return SeeOthers();
    }

    /// <summary>Writes the rows, commits, and notes where the partitions end now, before anybody is answered.</summary>
    public void Commit()
    {
        _touched.Sort(ById);
        foreach (var tail in _touched)
        {
            WriteRow(tail);
            tail.Touched = false;
        }

        _commit.Execute();
        foreach (var tail in _touched)
        {
            _signals.Pulse(tail.PartitionId);
        }

        _ends.Note(_touched);
        _touched.Clear();
    }

    /// <summary>Keeps the write-ahead log short; after a commit was answered, for it may wait for the disk.</summary>
    public void Checkpoint() => Checkpointer.Committed(Database);

    /// <summary>Undoes all since <see cref="Begin"/>, and what was remembered of it.</summary>
    public void Rollback()
    {
        _touched.Clear();
        Forget();
        Database.Rollback();
    }

    public TopicEntry? FindTopic(string topic)
    {
        if (!_topics.TryGetValue(topic, out var entry) && TopicEntry.Find(_topicByName, topic) is { } found)
        {
            _topics[topic] = entry = found;
        }

        return entry;
    }

    public void AppendByKey(TopicEntry topic, RecordBatch records)
    {
        var partitions = topic.Description.Partitions;
        for (var record = 0; record < records.Count; record++)
        {
            var key = records.Key(record);
            var tail = Tail(topic.PartitionId(Murmur2.Partition(key, partitions)));
            tail.Pending.Add(0, records.Timestamps[record], key, records.Value(record), valueIsNull: records.ValueLength[record] < 0);
            if (IsRow(tail.Pending))
            {
                WriteRow(tail);
            }
        }
    }

    public void Append(long partitionId, RecordBatch records)
    {
        var tail = Tail(partitionId);
        for (var from = 0; from < records.Count;)
        {
            var count = RunThatFits(records, from, tail.Pending);
            tail.Pending.AddRange(records, from, count);
            from += count;
            if (IsRow(tail.Pending))
            {
                WriteRow(tail);
            }
        }
    }

    /// <summary>Where a partition will end, with what this transaction adds.</summary>
    public long EndOffset(long partitionId)
    {
        var tail = Known(partitionId);
        return tail.NextOffset + tail.Pending.Count;
    }

    public void CommitOffset(string group, long partitionId, long nextOffset) =>
        _commitOffset.Bind(1, group).Bind(2, partitionId).Bind(3, nextOffset).Execute();

    public TopicEntry CreateTopic(string topic, int partitions)
    {
        TopicRows.Add(Database, topic, partitions);
        var made = FindTopic(topic)!;
        _ends.MakeRoom(made.PartitionId(partitions - 1));
        return made;
    }

    public bool DeleteTopic(TopicEntry topic)
    {
        var (first, last) = (topic.FirstPartitionId, topic.PartitionId(topic.Description.Partitions - 1));
        TopicRows.Delete(Database, topic);
        _topics.Remove(topic.Description.Topic);
        _ends.Clear(first, topic.Description.Partitions);
        _touched.RemoveAll(tail => tail.PartitionId >= first && tail.PartitionId <= last);
        for (var id = first; id <= last; id++)
        {
            _touched.Add(new PartitionTail(id));
            if (_tails.Remove(id, out var tail))
            {
                tail.Pending.Clear();
            }
        }

        return true;
    }

    public void Dispose()
    {
        Statement[] statements = [_dataVersion, _begin, _commit, _insert, _lastRow, _topicByName, _commitOffset];
        foreach (var statement in statements)
        {
            statement.Dispose();
        }

        Checkpointer.Dispose();
        Database.Dispose();
        _ends.Dispose();
    }

    private static int ById(PartitionTail one, PartitionTail other) => one.PartitionId.CompareTo(other.PartitionId);

    private static bool IsRow(RecordBatch pending) => pending.Bytes >= RowBytes || pending.Count >= RowRecords;

    private static int RunThatFits(RecordBatch records, int from, RecordBatch pending)
    {
        var (count, bytes) = (0, pending.Bytes);
        while (from + count < records.Count && pending.Count + count < RowRecords && bytes < RowBytes)
        {
            bytes += Math.Max(records.KeyLength[from + count], 0) + Math.Max(records.ValueLength[from + count], 0);
            count++;
        }

        return count;
    }

    private PartitionTail Known(long partitionId)
    {
        if (!_tails.TryGetValue(partitionId, out var tail))
        {
            _tails[partitionId] = tail = LoadTail(partitionId);
        }

        return tail;
    }

    private PartitionTail Tail(long partitionId)
    {
        var tail = Known(partitionId);
        if (!tail.Touched)
        {
            tail.Touched = true;
            _touched.Add(tail);
        }

        return tail;
    }

    private PartitionTail LoadTail(long partitionId)
    {
        var tail = new PartitionTail(partitionId);
        if (_lastRow.Bind(1, RowId.First(partitionId)).Bind(2, RowId.Last(partitionId)).Step())
        {
            tail.NextOffset = RowId.Offset(_lastRow.Long(0)) + _lastRow.Long(1);
            tail.TimestampMax = _lastRow.Long(2);
        }

        _lastRow.Reset();
        return tail;
    }

    private void WriteRow(PartitionTail tail)
    {
        if (tail.Pending.Count == 0)
        {
            return;
        }

        var (min, max) = tail.PendingTimestamps();
        tail.TimestampMax = Math.Max(tail.TimestampMax, max);
        var id = RowId.Of(tail.PartitionId, tail.NextOffset);
        var length = BatchBlob.Write(tail.Pending, ref _blob);
        var bytes = _blob.AsSpan(0, length);
        var checksum = BatchBlob.Checksum(bytes, id ^ Database.Identity.Seed);
        _insert.Bind(1, id)
            .Bind(2, tail.Pending.Count)
            .Bind(3, min)
            .Bind(4, max)
            .Bind(5, tail.TimestampMax)
            .Bind(6, checksum)
            .Bind(7, bytes)
            .Execute();
        tail.NextOffset += tail.Pending.Count;
        tail.ClearPending();
    }

    private void Forget()
    {
        _topics.Clear();
        _tails.Clear();
    }
}
