namespace Streaming.Log.Embedded;

/// <summary>The first retained offset of each partition from which retention has deleted records; all others begin at 0.</summary>
internal sealed class LogStarts
{
    private readonly Dictionary<long, long> _starts = [];

    public static LogStarts Load(Database database)
    {
        var loaded = new LogStarts();
        if (database.Number("SELECT count(*) FROM sqlite_schema WHERE name = 'retained'") == 0)
        {
            // Format 1, which is checked before it is converted.
            return loaded;
        }

        using var rows = database.Statement("reading first offsets", "SELECT partition, first_offset FROM retained");
        while (rows.Step())
        {
            loaded._starts[rows.Long(0)] = rows.Long(1);
        }

        rows.Reset();
        return loaded;
    }

    /// <summary>The first retained offset.</summary>
    public long Of(long partition) => _starts.GetValueOrDefault(partition);
}
