using SQLitePCL;

namespace Streaming.Log.Embedded;

/// <summary>What SQLite's result codes mean to a caller of the log.</summary>
internal static class SqliteFailure
{
    public const string NoSpace =
        "There is no space left on the disk (or in this user's quota); free some, then the same call works. Or keep the log elsewhere: " +
        "streaming.log.embedded.directory.";

    /// <param name="code">SQLite's result, extended.</param>
    /// <param name="detail">SQLite's own words.</param>
    /// <param name="path">The log's file.</param>
    /// <param name="doing">What was tried.</param>
    /// <param name="inner">The exception, if there was one.</param>
    /// <param name="systemError">The system's error number behind it; 0 when there is none.</param>
    public static EventLogException Of(int code, string? detail, string path, string doing, Exception? inner = null, int systemError = 0)
    {
        var (retriable, hint) = (code & 0xff) == raw.SQLITE_IOERR && FileFailure.MeansFull(systemError)
            ? (true, NoSpace)
            : Meaning(code & 0xff);
        return new EventLogException(
            $"Embedded log {path}: {doing} failed: {detail ?? "no detail"} (SQLite {code}). {hint}", retriable, inner);
    }

    /// <summary>Whether the file's content is wrong, not its surroundings.</summary>
    public static bool MeansDamage(int code) => (code & 0xff) is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;

    private static (bool Retriable, string Hint) Meaning(int code) => code switch
    {
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_PROTOCOL =>
            (true, "Another process holds the file's write lock; try again, or raise streaming.log.embedded.busy-timeout."),
        raw.SQLITE_FULL => (true, NoSpace),
        raw.SQLITE_IOERR => (true, "The disk did not answer; look at it, then try again."),
        raw.SQLITE_NOMEM => (true, "Memory is short; try again."),
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => (false, "The file is damaged or no log; restore it from a copy, or name another file."),
        raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_CANTOPEN or raw.SQLITE_AUTH =>
            (false, "Check that the folder exists, that this is a file, and that this user may write to it."),
        raw.SQLITE_TOOBIG => (false, "A record is larger than SQLite takes (1 GB)."),
        _ => (false, "This is not expected."),
    };
}
