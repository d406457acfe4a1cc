using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Streaming.Log.Embedded;

/// <summary>One connection to the log's file; used by one thread.</summary>
internal sealed class Database : IDisposable
{
    private const int FormatVersion = 1;

    /// <summary>"EvLg": tells this file from any other SQLite file.</summary>
    private const int ApplicationId = 0x45764c67;

    private const string Schema = """
        CREATE TABLE IF NOT EXISTS topic (
          id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, partitions INTEGER NOT NULL, identity TEXT NOT NULL) STRICT;
        CREATE TABLE IF NOT EXISTS partition (
          id INTEGER PRIMARY KEY AUTOINCREMENT, topic INTEGER NOT NULL, number INTEGER NOT NULL, UNIQUE (topic, number)) STRICT;
        CREATE TABLE IF NOT EXISTS batch (
          id INTEGER PRIMARY KEY, count INTEGER NOT NULL, min_ts INTEGER NOT NULL, max_ts INTEGER NOT NULL,
          max_ts_so_far INTEGER NOT NULL, checksum INTEGER NOT NULL, records BLOB NOT NULL) STRICT;
        CREATE TABLE IF NOT EXISTS committed (
          consumer_group TEXT NOT NULL, partition INTEGER NOT NULL, next_offset INTEGER NOT NULL,
          PRIMARY KEY (consumer_group, partition)) STRICT, WITHOUT ROWID;
        """;

    private static readonly TimeSpan ConversionPause = TimeSpan.FromMilliseconds(5);

    private readonly SqliteConnection _connection;
    private readonly string _path;

    private Database(EmbeddedLogSettings settings)
    {
        _path = settings.Path;
        var text = new SqliteConnectionStringBuilder { DataSource = settings.Path, Pooling = false, DefaultTimeout = (int)Math.Ceiling(settings.BusyTimeout.TotalSeconds) };
        _connection = new SqliteConnection(text.ToString());
    }

    public sqlite3 Handle => _connection.Handle!;

    /// <summary>Opens the file, and makes or checks its tables.</summary>
    public static Database Open(EmbeddedLogSettings settings)
    {
        var database = new Database(settings);
        try
        {
            database._connection.Open();
            database.Check(raw.sqlite3_busy_timeout(database.Handle, (int)settings.BusyTimeout.TotalMilliseconds), "setting the busy timeout");
            database.Prepare(settings);
            return database;
        }
        catch (SqliteException e)
        {
            database.Dispose();
            throw SqliteFailure.Of(e.SqliteErrorCode, e.Message, settings.Path, "opening", e);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    public Statement Statement(string doing, string sql) => new(this, doing, sql);

    public void Execute(string doing, string sql) => Check(raw.sqlite3_exec(Handle, sql), doing);

    public void Check(int code, string doing)
    {
        if (code != raw.SQLITE_OK)
        {
            throw Failure(code, doing);
        }
    }

    public EventLogException Failure(int code, string doing) =>
        SqliteFailure.Of(raw.sqlite3_extended_errcode(Handle) is var extended and not 0 ? extended : code, raw.sqlite3_errmsg(Handle).utf8_to_string(), _path, doing);

    /// <summary>Pages that this connection wrote to the write-ahead log since <see cref="ForgetPagesWritten"/>.</summary>
    public int PagesWritten => CacheWrites(reset: false);

    public void ForgetPagesWritten() => CacheWrites(reset: true);

    /// <summary>
    /// Copies pages from the write-ahead log to the database: those that no reader holds back, or all, waiting for others where
    /// <paramref name="wait"/> says so. How many were left; null when it failed, or another connection copies.
    /// </summary>
    public int? Checkpoint(bool wait)
    {
        var mode = wait ? raw.SQLITE_CHECKPOINT_FULL : raw.SQLITE_CHECKPOINT_PASSIVE;
        return raw.sqlite3_wal_checkpoint_v2(Handle, "main", mode, out var pages, out var copied) == raw.SQLITE_OK ? pages - copied : null;
    }

    public void Rollback()
    {
        if (raw.sqlite3_get_autocommit(Handle) == 0)
        {
            Execute("rolling back", "ROLLBACK");
        }
    }

    public void Dispose() => _connection.Dispose();

    private void Prepare(EmbeddedLogSettings settings)
    {
        Execute("setting the page size", "PRAGMA page_size = 8192");
        UseWriteAheadLog(settings);
        Execute("setting how durable commits are", settings.SurvivesPowerLoss ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
        Execute("setting limits", "PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -16384; PRAGMA mmap_size = 1073741824");
        var version = Pragma("PRAGMA user_version");
        if (version == FormatVersion && Pragma("PRAGMA application_id") == ApplicationId)
        {
            return;
        }

        if (version != 0 || (Pragma("SELECT count(*) FROM sqlite_schema") > 0 && Pragma("PRAGMA application_id") != ApplicationId))
        {
            throw new EventLogException(
                $"{_path} is no embedded log of format {FormatVersion} (its user_version is {version}); name another file, or use the release that wrote it.", retriable: false);
        }

        Execute("making the tables", $"BEGIN IMMEDIATE; {Schema} PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {FormatVersion}; COMMIT");
    }

    private int CacheWrites(bool reset)
    {
        raw.sqlite3_db_status(Handle, raw.SQLITE_DBSTATUS_CACHE_WRITE, out var pages, out _, reset ? 1 : 0);
        return pages;
    }

    /// <summary>
    /// A new file is converted once, and stays so. SQLite's busy handler does not run for it: with two processes that open a new file at
    /// once, one gets "locked" immediately, and tries again here.
    /// </summary>
    private void UseWriteAheadLog(EmbeddedLogSettings settings)
    {
        using var pause = new ManualResetEventSlim();
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                var mode = Text("PRAGMA journal_mode") is "wal" ? "wal" : Text("PRAGMA journal_mode = WAL");
                if (mode != "wal")
                {
                    throw new EventLogException(
                        $"{_path} cannot use write-ahead logging (its journal_mode stays {mode}); keep it on a local disk, not a network share.", retriable: false);
                }

                return;
            }
            catch (EventLogException busy) when (busy.Retriable && TimeProvider.System.GetElapsedTime(start) < settings.BusyTimeout)
            {
                pause.Wait(ConversionPause);
            }
        }
    }

    private string? Text(string sql)
    {
        using var statement = Statement("switching to write-ahead logging", sql);
        var text = statement.Step() ? statement.Text(0) : null;
        statement.Reset();
        return text;
    }

    private long Pragma(string sql)
    {
        using var statement = Statement("looking at the file's format", sql);
        return statement.Scalar() ?? 0;
    }
}
