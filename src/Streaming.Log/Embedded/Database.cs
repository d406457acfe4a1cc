using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Streaming.Log.Embedded;

/// <summary>One connection to the log's file; used by one thread.</summary>
internal sealed class Database : IDisposable
{
    private static readonly TimeSpan s_conversionPause = TimeSpan.FromMilliseconds(5);

    private readonly SqliteConnection _connection;
    private readonly LogDamage _damage;

    private Database(EmbeddedLogSettings settings, LogDamage damage)
    {
        _damage = damage;
        Path = settings.Path;
        var text = new SqliteConnectionStringBuilder
        {
            DataSource = Path,
            Pooling = false,
            DefaultTimeout = (int)Math.Ceiling(settings.BusyTimeout.TotalSeconds),
        };
        _connection = new SqliteConnection(text.ToString());
    }

    public string Path { get; }

    /// <summary>The log's id and seed.</summary>
    public LogIdentity Identity { get; private set; }

    public sqlite3 Handle => _connection.Handle!;

    /// <summary>Opens the file, and creates its tables if it is new.</summary>
    public static Database Open(EmbeddedLogSettings settings, LogDamage damage)
    {
        var database = new Database(settings, damage);
        try
        {
            database._connection.Open();
            database.Check(
                raw.sqlite3_busy_timeout(database.Handle, (int)settings.BusyTimeout.TotalMilliseconds), "setting the busy timeout");
            database.Prepare(settings);
            return database;
        }
        catch (SqliteException e)
        {
            database.Dispose();
            throw SqliteFailure.MeansDamage(e.SqliteErrorCode)
                ? damage.Found(e.Message)
                : SqliteFailure.Of(e.SqliteErrorCode, e.Message, settings.Path, "opening", e);
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

    public EventLogException Failure(int code, string doing)
    {
        var known = raw.sqlite3_extended_errcode(Handle) is var extended and not 0 ? extended : code;
        var detail = raw.sqlite3_errmsg(Handle).utf8_to_string();
        return SqliteFailure.MeansDamage(known)
            ? _damage.Found($"{doing} failed: {detail} (SQLite {known})")
            : SqliteFailure.Of(known, detail, Path, doing, systemError: SqliteNative.SystemError(Handle));
    }

    /// <summary>Refuses to write when the open file was deleted or replaced.</summary>
    public void RequireInPlace()
    {
        if (SqliteNative.HasMoved(Handle))
        {
            throw _damage.Found($"{Path} was deleted or replaced while it was open");
        }
    }

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

    public long Number(string sql)
    {
        using var statement = Statement("looking at the file's format", sql);
        return statement.Scalar() ?? 0;
    }

    /// <summary>
    /// Closes it. The write-ahead log of a damaged log stays as it is: SQLite would copy it into the database and delete it.
    /// </summary>
    public void Dispose()
    {
        if (_damage.IsKnown && _connection.Handle is { } open)
        {
            SqliteNative.KeepWriteAheadLog(open);
        }

        _connection.Dispose();
    }

    private void Prepare(EmbeddedLogSettings settings)
    {
        Execute("setting the page size", "PRAGMA page_size = 8192");
        if (Number("PRAGMA page_count") == 0)
        {
            // The file of an earlier release does not shrink: its free pages are used again.
            Execute("making the file one that can shrink", "PRAGMA auto_vacuum = INCREMENTAL");
        }

        UseWriteAheadLog(settings);
        Execute(
            "setting how durable commits are", settings.SurvivesPowerLoss ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
        Execute(
            "setting limits",
            "PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -4096");
        Identity = LogFormat.Prepare(this, _damage);
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
                        $"{Path} cannot use write-ahead logging (its journal_mode stays {mode}); keep it on a local disk, not a network " +
                        "share.", retriable: false);
                }

                return;
            }
            catch (EventLogException busy) when (busy.Retriable && TimeProvider.System.GetElapsedTime(start) < settings.BusyTimeout)
            {
                pause.Wait(s_conversionPause);
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
}
