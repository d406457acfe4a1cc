using SQLitePCL;

namespace Streaming.Log.Embedded;

/// <summary>What SQLite's result codes mean to a caller of the log.</summary>
internal static class SqliteFailure
{
    public static EventLogException Of(int code, string? detail, string path, string doing, Exception? inner = null)
    {
        var (retriable, hint) = Meaning(code & 0xff);
        return new EventLogException($"Embedded log {path}: {doing} failed: {detail ?? "no detail"} (SQLite {code}). {hint}", retriable, inner);
    }

    private static (bool Retriable, string Hint) Meaning(int code) => code switch
    {
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_PROTOCOL => (true, "Another process holds the file's write lock; try again, or raise streaming.log.embedded.busy-timeout."),
        raw.SQLITE_FULL => (true, "The disk is full; free space, then the same call works."),
        raw.SQLITE_IOERR => (true, "The disk did not answer; look at it, then try again."),
        raw.SQLITE_NOMEM => (true, "Memory is short; try again."),
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => (false, "The file is damaged or no log; restore it from a copy, or name another file."),
        raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_CANTOPEN or raw.SQLITE_AUTH => (false, "Check that the folder exists and that this user may write to it."),
        raw.SQLITE_TOOBIG => (false, "A record is larger than SQLite takes (1 GB)."),
        _ => (false, "This is not expected."),
    };
}
