// Hot: gathers appended records by partition and writes them as rows.
namespace Streaming.Log.Embedded;

/// <summary>
/// The writer's connection: one transaction at a time, and what is known of topics and ends of partitions while no other process
/// wrote. Records appended to a partition in one transaction, by however many callers, become one row (more when they are many bytes).
/// </summary>
internal sealed class LogTransaction : IDisposable
{
    /// <summary>Key and value bytes after which a row is closed: large enough to be read in bulk, small enough to be read in part.</summary>
    private const int RowBytes = 1 << 20;
    private const int RowRecords = 16_384;

    private readonly Database database;
    private readonly Checkpointer checkpointer;
    private readonly AppendSignals signals;
    private readonly Dictionary<string, TopicEntry> topics = [];
    private readonly Dictionary<long, PartitionTail> tails = [];
    private readonly List<PartitionTail> touched = [];
    private readonly Statement dataVersion;
    private readonly Statement begin;
    private readonly Statement commit;
    private readonly Statement insert;
    private readonly Statement lastRow;
    private readonly Statement topicByName;
    private readonly Statement commitOffset;
    private byte[] blob = new byte[64 << 10];
    private long version;

    public LogTransaction(Database database, Checkpointer checkpointer, AppendSignals signals, string where)
    {
        this.database = database;
        this.checkpointer = checkpointer;
        this.signals = signals;
        Where = where;
        dataVersion = database.Statement("looking for other writers", "PRAGMA data_version");
        begin = database.Statement("beginning a transaction", "BEGIN IMMEDIATE");
        commit = database.Statement("committing", "COMMIT");
        insert = database.Statement("appending", "INSERT INTO batch (id, count, min_ts, max_ts, max_ts_so_far, checksum, records) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
        lastRow = database.Statement("reading the end offset", "SELECT id, count, max_ts_so_far FROM batch WHERE id BETWEEN ?1 AND ?2 ORDER BY id DESC LIMIT 1");
        topicByName = TopicEntry.ByName(database);
        commitOffset = database.Statement("committing an offset", """
            INSERT INTO committed (consumer_group, partition, next_offset) VALUES (?1, ?2, ?3)
            ON CONFLICT (consumer_group, partition) DO UPDATE SET next_offset = excluded.next_offset
            """);
        version = dataVersion.Scalar() ?? 0;
    }

    /// <summary>The log's name in messages.</summary>
    public string Where { get; }

    /// <summary>Whether another process (or another log on the same file) committed since the last look; wakes the readers then.</summary>
    public bool SeeOthers()
    {
        var now = dataVersion.Scalar() ?? 0;
        if (now == version)
        {
            return false;
        }

        version = now;
        Forget();
        signals.PulseAll();
        return true;
    }

    public void Begin()
    {
        begin.Execute();
        SeeOthers();
    }

    public void Commit()
    {
        foreach (var tail in touched)
        {
            WriteRow(tail);
            tail.Touched = false;
        }

        commit.Execute();
        foreach (var tail in touched)
        {
            signals.Pulse(tail.PartitionId);
        }

        touched.Clear();
    }

    /// <summary>Keeps the write-ahead log short; after a commit was answered, for it may wait for the disk.</summary>
    public void Checkpoint() => checkpointer.Committed(database);

    /// <summary>Undoes all since <see cref="Begin"/>, and what was remembered of it.</summary>
    public void Rollback()
    {
        touched.Clear();
        Forget();
        database.Rollback();
    }

    public TopicEntry? FindTopic(string topic)
    {
        if (!topics.TryGetValue(topic, out var entry) && TopicEntry.Find(topicByName, topic) is { } found)
        {
            topics[topic] = entry = found;
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

    public void CommitOffset(string group, long partitionId, long nextOffset) => commitOffset.Bind(1, group).Bind(2, partitionId).Bind(3, nextOffset).Execute();

    public TopicEntry CreateTopic(string topic, int partitions)
    {
        using var addTopic = database.Statement("creating a topic", "INSERT INTO topic (name, partitions, identity) VALUES (?1, ?2, ?3) RETURNING id");
        var id = addTopic.Bind(1, topic).Bind(2, partitions).Bind(3, Guid.NewGuid().ToString()).Scalar();
        using var addPartition = database.Statement("creating a partition", "INSERT INTO partition (topic, number) VALUES (?1, ?2)");
        for (var number = 0; number < partitions; number++)
        {
            addPartition.Bind(1, id!.Value).Bind(2, number).Execute();
        }

        return FindTopic(topic)!;
    }

    public bool DeleteTopic(TopicEntry topic)
    {
        var (first, last) = (topic.FirstPartitionId, topic.PartitionId(topic.Description.Partitions - 1));
        database.Execute("deleting a topic", $"""
            DELETE FROM batch WHERE id BETWEEN {RowId.First(first)} AND {RowId.Last(last)};
            DELETE FROM committed WHERE partition BETWEEN {first} AND {last};
            DELETE FROM partition WHERE topic = {topic.Id};
            DELETE FROM topic WHERE id = {topic.Id};
            """);
        topics.Remove(topic.Description.Topic);
        for (var id = first; id <= last; id++)
        {
            touched.Add(new PartitionTail(id));
            if (tails.Remove(id, out var tail))
            {
                tail.Pending.Clear();
            }
        }

        return true;
    }

    public void Dispose()
    {
        Statement[] statements = [dataVersion, begin, commit, insert, lastRow, topicByName, commitOffset];
        foreach (var statement in statements)
        {
            statement.Dispose();
        }

        checkpointer.Dispose();
        database.Dispose();
    }

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

    private PartitionTail Tail(long partitionId)
    {
        if (!tails.TryGetValue(partitionId, out var tail))
        {
            tails[partitionId] = tail = LoadTail(partitionId);
        }

        if (!tail.Touched)
        {
            tail.Touched = true;
            touched.Add(tail);
        }

        return tail;
    }

    private PartitionTail LoadTail(long partitionId)
    {
        var tail = new PartitionTail(partitionId);
        if (lastRow.Bind(1, RowId.First(partitionId)).Bind(2, RowId.Last(partitionId)).Step())
        {
            tail.NextOffset = RowId.Offset(lastRow.Long(0)) + lastRow.Long(1);
            tail.TimestampMax = lastRow.Long(2);
        }

        lastRow.Reset();
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
        var length = BatchBlob.Write(tail.Pending, ref blob);
        var bytes = blob.AsSpan(0, length);
        insert.Bind(1, id).Bind(2, tail.Pending.Count).Bind(3, min).Bind(4, max).Bind(5, tail.TimestampMax).Bind(6, BatchBlob.Checksum(bytes, id)).Bind(7, bytes).Execute();
        tail.NextOffset += tail.Pending.Count;
        tail.ClearPending();
    }

    private void Forget()
    {
        topics.Clear();
        tails.Clear();
    }
}
