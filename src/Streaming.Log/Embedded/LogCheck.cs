namespace Streaming.Log.Embedded;

/// <summary>
/// Checks that a log is complete: topics and partitions match, offsets are dense from the first retained one, every partition ends where
/// its last acknowledged record is or later, no group is beyond an end. Reads all rows without their records, and the records of each
/// partition's last row; the others are checked when they are read.
/// </summary>
internal sealed class LogCheck
{
    private const int FaultsListed = 8;
    private readonly Database _database;
    private readonly LogPartitions _partitions;
    private readonly LogStarts _starts;
    private readonly Dictionary<long, long> _ends = [];
    private readonly List<string> _faults = [];

    private readonly bool _withRecords;

    private LogCheck(Database database, bool withRecords)
    {
        _database = database;
        _withRecords = withRecords;
        _partitions = LogPartitions.Load(database);
        _starts = LogStarts.Load(database);
    }

    /// <summary>Refuses a log that is not complete.</summary>
    /// <exception cref="EventLogException">What is wrong with it.</exception>
    public static void Require(Database database, LogDamage damage)
    {
        if (Run(database, withRecords: false) is { Count: > 0 } faults)
        {
            throw damage.Found(Listed(faults));
        }
    }

    /// <summary>All that is wrong with the log.</summary>
    /// <param name="database">The log.</param>
    /// <param name="withRecords">Whether to check all records, not only those of the last rows.</param>
    public static List<string> Run(Database database, bool withRecords)
    {
        // A write of another process may look like damage, so a fault is checked again while nobody writes.
        var faults = Once(database, "BEGIN", withRecords);
        return faults.Count == 0 ? faults : Once(database, "BEGIN IMMEDIATE", withRecords);
    }

    /// <summary>The end offsets by partition id, of a log that has no file of them yet.</summary>
    public static long[] EndsOf(Database database, LogDamage damage)
    {
        var check = new LogCheck(database, withRecords: false);
        check.Look([]);
        return check._faults.Count == 0 ? check.Ends() : throw damage.Found(Listed(check._faults));
    }

    private static List<string> Once(Database database, string begin, bool withRecords)
    {
        using var file = EndOffsetsFile.TryOpen(database.Path, database.Identity.Id);
        var acknowledged = file?.Read();
        database.Execute("beginning to check the log", begin);
        try
        {
            var check = new LogCheck(database, withRecords);
            if (acknowledged is null)
            {
                check._faults.Add(
                    $"{EndOffsetsFile.PathOf(database.Path)}, which tells what was acknowledged, is missing, cut or another log's");
            }

            check.Look(acknowledged ?? []);
            return check._faults;
        }
        finally
        {
            database.Rollback();
        }
    }

    private static string Listed(List<string> faults) =>
        string.Join("; ", faults.Take(FaultsListed))
            + (faults.Count > FaultsListed ? $"; and {faults.Count - FaultsListed} more" : string.Empty);

    private long[] Ends()
    {
        var ends = new long[Math.Max(_ends.Keys.DefaultIfEmpty().Max(), _partitions.LastId) + 1];
        foreach (var (id, end) in _ends)
        {
            ends[id] = end;
        }

        return ends;
    }

    private void Look(long[] acknowledged)
    {
        _faults.AddRange(_partitions.Faults());
        Rows();
        Acknowledged(acknowledged);
        Committed();
        if (!_withRecords)
        {
            LastRows();
        }
    }

    private void Rows()
    {
        using var rows = _database.Statement(
            "checking offsets",
            _withRecords ? "SELECT id, count, checksum, records FROM batch ORDER BY id" : "SELECT id, count FROM batch ORDER BY id");
        var (partition, next) = (-1L, 0L);
        while (rows.Step())
        {
            var (id, count) = (rows.Long(0), rows.Long(1));
            if (RowId.Partition(id) != partition)
            {
                (partition, next) = (RowId.Partition(id), _starts.Of(RowId.Partition(id)));
                RequireTopic(partition);
            }

            Row(partition, next, RowId.Offset(id), count);
            if (_withRecords)
            {
                Records(rows);
            }

            next = RowId.Offset(id) + count;
            _ends[partition] = next;
        }

        rows.Reset();
    }

    private void Row(long partition, long next, long offset, long count)
    {
        if (offset > next)
        {
            _faults.Add($"{_partitions.NameOf(partition)}: offsets {next} to {offset - 1} are missing");
        }
        else if (offset < next || count <= 0)
        {
            _faults.Add($"{_partitions.NameOf(partition)}: the row at offset {offset} overlaps the one before it, or counts no records");
        }
    }

    private void RequireTopic(long partition)
    {
        if (!_partitions.Has(partition))
        {
            _faults.Add($"{_partitions.NameOf(partition)}: there are records, and no partition that they belong to");
        }
    }

    private void Acknowledged(long[] acknowledged)
    {
        for (var id = 0; id < acknowledged.Length; id++)
        {
            if (acknowledged[id] > _ends.GetValueOrDefault(id))
            {
                _faults.Add(
                    $"{_partitions.NameOf(id)}: {acknowledged[id]} records were acknowledged, and the log ends at " +
                    $"{_ends.GetValueOrDefault(id)} "
                    + "(the write-ahead log was deleted or cut, an older copy put in place, or the power failed)");
            }
        }
    }

    private void Committed()
    {
        using var rows = _database.Statement("checking committed offsets", "SELECT consumer_group, partition, next_offset FROM committed");
        while (rows.Step())
        {
            var (partition, offset) = (rows.Long(1), rows.Long(2));
            if (!_partitions.Has(partition) || offset > _ends.GetValueOrDefault(partition) || offset < 0)
            {
                _faults.Add(
                    $"{_partitions.NameOf(partition)}: group {rows.Text(0)} committed {offset}, and the log ends at " +
                    $"{_ends.GetValueOrDefault(partition)}");
            }
        }

        rows.Reset();
    }

    private void LastRows()
    {
        using var row = _database.Statement(
            "checking records", "SELECT id, count, checksum, records FROM batch WHERE id BETWEEN ?1 AND ?2 ORDER BY id DESC LIMIT 1");
        foreach (var partition in _ends.Keys)
        {
            if (row.Bind(1, RowId.First(partition)).Bind(2, RowId.Last(partition)).Step())
            {
                Records(row);
            }

            row.Reset();
        }
    }

    private void Records(Statement row)
    {
        if (!BatchBlob.IsSound(row, _database.Identity.Seed))
        {
            _faults.Add(
                $"{_partitions.NameOf(RowId.Partition(row.Long(0)))}: the records from offset {RowId.Offset(row.Long(0))} on (count " +
                $"{row.Long(1)}) fail their checksum");
        }
    }
}
