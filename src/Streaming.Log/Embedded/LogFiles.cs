using Streaming.Contracts;
using Streaming.Hocon;

namespace Streaming.Log.Embedded;

/// <summary>
/// Checks the files before SQLite opens them: when the database is missing or empty, SQLite deletes the write-ahead log beside it, which
/// may hold all records.
/// </summary>
internal static class LogFiles
{
    /// <summary>Creates the file if the log is new.</summary>
    /// <exception cref="EventLogException">The file cannot be made, or is gone while others of the log are there.</exception>
    public static void Prepare(string path, LogDamage damage)
    {
        if (Orphans(path) is { } orphans)
        {
            throw damage.Found($"{path} is missing or empty beside {orphans}, which has records of it");
        }

        try
        {
            PrivateFiles.Open(path, FileMode.OpenOrCreate, FileShare.ReadWrite).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileFailure.Of(path, "opening", e);
        }
    }

    /// <summary>The file that has records while the database is missing or empty; null otherwise.</summary>
    public static string? Orphans(string path)
    {
        // In this order: a log that another process is creating has its database before the others.
        var orphan = Length(path + "-wal") > 0 ? path + "-wal" : EndOffsetsFile.HasRecords(path) ? EndOffsetsFile.PathOf(path) : null;
        return Length(path) == 0 && !Directory.Exists(path) ? orphan : null;
    }

    /// <summary>Puts the files of a log of which no record is left under other names, so that a new one can begin.</summary>
    /// <returns>What is lost and what was done, a line for each.</returns>
    public static IReadOnlyList<string> MoveAside(string path)
    {
        // The records that the end offsets count are said before the file that counts them is moved.
        var done = new List<string> { Lost(EndOffsetsFile.EndsAt(path)) };
        var files = new[] { path, path + "-wal", path + "-shm", EndOffsetsFile.PathOf(path) };
        var number = Enumerable.Range(1, int.MaxValue).First(number => !files.Any(file => File.Exists(Aside(file, number))));
        foreach (var file in files.Where(File.Exists))
        {
            File.Move(file, Aside(file, number));
            done.Add($"{file} is {Aside(file, number)} now");
        }

        done.Add("the log starts again, empty: its offsets begin at 0, and no group has committed");
        return done;
    }

    private static string Aside(string file, int number) => $"{file}.lost-{number}";

    private static string Lost(long[] ends) => (ends.Sum(end => Math.Clamp(end, 0, RowId.OffsetMax)), ends.Count(end => end > 0)) switch
    {
        (0, _) => "how many records were acknowledged is not known; all of them are lost",
        var (records, partitions) =>
            $"{Counted.Of(records, "record")} {(records == 1 ? "was" : "were")} acknowledged, in {Counted.Of(partitions, "partition")}; " +
            "all are lost",
    };

    private static long Length(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;
}
