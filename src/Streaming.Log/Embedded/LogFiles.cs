using Streaming.Contracts;

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

    /// <summary>Puts the files of a log whose database is gone under other names, so that a new one can begin.</summary>
    public static IReadOnlyList<string> MoveAside(string path)
    {
        var done = new List<string>();
        foreach (var file in new[] { path, path + "-wal", path + "-shm", EndOffsetsFile.PathOf(path) }.Where(File.Exists))
        {
            var aside = Enumerable.Range(1, int.MaxValue).Select(number => $"{file}.lost-{number}").First(name => !File.Exists(name));
            File.Move(file, aside);
            done.Add($"{file} is {aside} now");
        }

        done.Add("the log starts again, empty");
        return done;
    }

    private static long Length(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;
}
