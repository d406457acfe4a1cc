using Streaming.Hocon;

namespace Streaming.Log.Embedded;

/// <summary>
/// Makes a damaged log usable: lost offsets become rows without records, so that no offset is ever given twice and all that is left stays
/// where it was. Within one transaction of its caller.
/// </summary>
internal sealed class LogRepair(Database database, long[] acknowledged)
{
    private const long HoleRecordsMax = 1_000_000_000;
    private readonly List<string> _done = [];
    private readonly LogStarts _starts = LogStarts.Load(database);
    private readonly Dictionary<long, long> _ends = [];
    private readonly Dictionary<long, long> _claimed = [];
    private readonly List<long> _bad = [];
    private readonly List<(long Partition, long From, long Until)> _gaps = [];

    /// <summary>What was done, a line for each.</summary>
    public IReadOnlyList<string> Done => _done;

    /// <summary>The end offsets by partition id afterwards.</summary>
    public long[] Ends()
    {
        var ends = new long[_ends.Keys.DefaultIfEmpty().Max() + 1];
        foreach (var (id, end) in _ends)
        {
            ends[id] = end;
        }

        return ends;
    }

    public void Run()
    {
        Scan();
        RestoreTopics();
        var partitions = LogPartitions.Load(database);
        foreach (var row in _bad)
        {
            database.Execute("removing a damaged row", $"DELETE FROM batch WHERE id = {row}");
        }

        foreach (var (partition, from, until) in _gaps)
        {
            Fill(partitions, partition, from, until);
        }

        FillTails(partitions);
        TakeBackCommits(partitions);
    }

    private void Scan()
    {
        using var rows = database.Statement("looking for damage", "SELECT id, count, checksum, records FROM batch ORDER BY id");
        while (rows.Step())
        {
            var (partition, offset, until) = (
                RowId.Partition(rows.Long(0)), RowId.Offset(rows.Long(0)), RowId.Offset(rows.Long(0)) + rows.Long(1));
            var end = _ends.GetValueOrDefault(partition, _starts.Of(partition));
            if (offset < end || !BatchBlob.IsSound(rows, database.Identity.Seed))
            {
                // Its count may be wrong too: the rows before and after it show what is lost.
                _bad.Add(rows.Long(0));
                _claimed[partition] = Math.Max(_claimed.GetValueOrDefault(partition), Math.Min(until, RowId.OffsetMax));
                continue;
            }

            if (offset > end)
            {
                _gaps.Add((partition, end, offset));
            }

            _ends[partition] = until;
        }

        rows.Reset();
    }

    // Its name is lost; its records are not, and can be read under another.
    private void RestoreTopics()
    {
        var partitions = LogPartitions.Load(database);
        foreach (var lost in partitions.WithoutTopic())
        {
            AddTopic(lost.Key, $"lost-{lost.Key}", lost.Max(partition => partition.Value.Number) + 1);
        }

        foreach (var id in _ends.Keys.Where(id => !partitions.Has(id)))
        {
            var topic = database.Number(
                "SELECT max(coalesce((SELECT max(id) FROM topic), 0), coalesce((SELECT max(topic) FROM partition), 0)) + 1");
            database.Execute("restoring a partition", $"INSERT INTO partition (id, topic, number) VALUES ({id}, {topic}, 0)");
            AddTopic(topic, $"lost-partition-{id}", 1);
        }
    }

    private void AddTopic(long id, string name, long partitions)
    {
        database.Execute(
            "restoring a topic",
            $"INSERT INTO topic (id, name, partitions, identity) VALUES ({id}, '{name}', {partitions}, '{Guid.NewGuid()}')");
        _done.Add($"a topic whose row is gone is {name} now, with {Counted.Of(partitions, "partition")}");
    }

    private void FillTails(LogPartitions partitions)
    {
        for (var id = 0L; id < Math.Max(acknowledged.Length, partitions.LastId + 1); id++)
        {
            var until = Math.Max(id < acknowledged.Length ? acknowledged[id] : 0, _claimed.GetValueOrDefault(id));
            var end = _ends.GetValueOrDefault(id, _starts.Of(id));
            if (until > end && partitions.Has(id))
            {
                Fill(partitions, id, end, until);
            }
            else if (until > end)
            {
                _done.Add($"{partitions.NameOf(id)}: {Counted.Of(until, "record")} {Counted.Are(until)} gone");
            }
        }
    }

    private void Fill(LogPartitions partitions, long partition, long from, long until)
    {
        using var before = database.Statement(
            "reading the row before", "SELECT max_ts_so_far FROM batch WHERE id BETWEEN ?1 AND ?2 ORDER BY id DESC LIMIT 1");
        using var insert = database.Statement("marking lost offsets", """
            INSERT INTO batch (id, count, min_ts, max_ts, max_ts_so_far, checksum, records) VALUES (?1, ?2, ?3, ?3, ?3, ?4, x'')
            """);
        var newest = before.Bind(1, RowId.First(partition)).Bind(2, RowId.Of(partition, from)).Scalar() ?? long.MinValue;
        for (var at = from; at < until;)
        {
            var count = Math.Min(until - at, HoleRecordsMax);
            var id = RowId.Of(partition, at);
            insert.Bind(1, id).Bind(2, count).Bind(3, newest).Bind(4, BatchBlob.Checksum([], id ^ database.Identity.Seed)).Execute();
            at += count;
        }

        _ends[partition] = Math.Max(_ends.GetValueOrDefault(partition), until);
        _done.Add($"{partitions.NameOf(partition)}: {until - from} records are lost, offsets {from} to {until - 1}");
    }

    private void TakeBackCommits(LogPartitions partitions)
    {
        var known = new List<(string Group, long Partition, long Offset)>();
        using var rows = database.Statement("reading committed offsets", "SELECT consumer_group, partition, next_offset FROM committed");
        while (rows.Step())
        {
            known.Add((rows.Text(0), rows.Long(1), rows.Long(2)));
        }

        rows.Reset();
        using var change = database.Statement(
            "taking a commit back", "UPDATE committed SET next_offset = ?3 WHERE consumer_group = ?1 AND partition = ?2");
        using var forget = database.Statement("forgetting a commit", "DELETE FROM committed WHERE consumer_group = ?1 AND partition = ?2");
        foreach (var (group, partition, offset) in known)
        {
            var end = _ends.GetValueOrDefault(partition);
            if (!partitions.Has(partition))
            {
                forget.Bind(1, group).Bind(2, partition).Execute();
                _done.Add($"group {group}: what it committed for a partition that is gone is forgotten");
            }
            else if (offset > end || offset < 0)
            {
                change.Bind(1, group).Bind(2, partition).Bind(3, offset < 0 ? 0 : end).Execute();
                _done.Add($"group {group}: {offset} was committed for {partitions.NameOf(partition)}, it is {(offset < 0 ? 0 : end)} now");
            }
        }
    }
}
