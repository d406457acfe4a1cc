using Streaming.Contracts;

namespace Streaming.Log.Embedded;

/// <summary>
/// What is looked at before SQLite opens anything: beside a database that is missing or empty it deletes the write-ahead log, and with it
/// perhaps all that there is.
/// </summary>
internal static class LogFiles
{
    /// <summary>Makes the file where the log is new.</summary>
    /// <exception cref="EventLogException">The file cannot be made, or is gone while others of the log are there.</exception>
    public static void Prepare(string path, LogDamage damage)
    {
        if (Orphans(path) is { } orphans)
        {
            throw damage.Found($"{path} is missing or empty beside {orphans}, which it held records with");
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

    /// <summary>The file that tells of records while the database is missing or empty; null when all is well.</summary>
    public static string? Orphans(string path)
    {
        // The others first: a log that another process makes just now has its database before them.
        var orphan = Length(path + "-wal") > 0 ? path + "-wal" : EndOffsetsFile.TellsOfRecords(path) ? EndOffsetsFile.PathOf(path) : null;
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

        done.Add("the log begins anew, empty");
        return done;
    }

    private static long Length(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;
}
