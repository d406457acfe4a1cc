using Streaming.Contracts;

namespace Streaming.Log.Embedded;

/// <summary>Identifies a log, in the database and in its file of end offsets, so that neither is mistaken for another log's.</summary>
/// <param name="Id">The log's own id.</param>
/// <param name="Seed">Goes into the checksum of every row, so that a row of another log is noticed; 0 in logs of format 1.</param>
internal readonly record struct LogIdentity(Guid Id, long Seed);

/// <summary>Creates the tables of a new log, converts formats 1 and 2, and refuses files that are no log.</summary>
internal static class LogFormat
{
    private const int Version = 3;

    /// <summary>"EvLg": distinguishes this file from other SQLite files.</summary>
    private const int ApplicationId = 0x45764c67;

    private const string Schema = """
        CREATE TABLE IF NOT EXISTS log (id TEXT NOT NULL, seed INTEGER NOT NULL) STRICT;
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
        CREATE TABLE IF NOT EXISTS retained (partition INTEGER PRIMARY KEY, first_offset INTEGER NOT NULL) STRICT;
        CREATE TABLE IF NOT EXISTS hold (
          holder TEXT NOT NULL, partition INTEGER NOT NULL, next_offset INTEGER NOT NULL, until_ms INTEGER NOT NULL,
          PRIMARY KEY (holder, partition)) STRICT, WITHOUT ROWID;
        """;

    /// <summary>The log's identity, in a file that is in today's format.</summary>
    public static LogIdentity Prepare(Database database, LogDamage damage)
    {
        if (VersionOf(database) < Version)
        {
            database.Execute("beginning to make the tables", "BEGIN IMMEDIATE");
            if (VersionOf(database) < Version)
            {
                Make(database, damage);
            }

            database.Execute("making the tables", "COMMIT");
        }

        return Identity(database) ?? throw damage.Found("its table log, which names it, has not one row");
    }

    private static int VersionOf(Database database)
    {
        // Tables and version are written at once. Read in this order, a file that is made meanwhile never has tables and no version.
        var isEmpty = database.Number("SELECT count(*) FROM sqlite_schema") == 0;
        var version = database.Number("PRAGMA user_version");
        var isLog = database.Number("PRAGMA application_id") == ApplicationId;
        return (version, isLog, isEmpty) switch
        {
            ( >= 1 and <= Version, true, _) => (int)version,
            (0, _, true) => 0,
            _ => throw new EventLogException(
                $"{database.Path} is no embedded log of format {Version} (its user_version is {version}); name another file, or use the " +
                "release that wrote it.", retriable: false),
        };
    }

    // The file of end offsets first: a log that has an identity has the file, also when the process ends between the two.
    private static void Make(Database database, LogDamage damage)
    {
        var version = VersionOf(database);
        if (version == 2)
        {
            database.Execute("making the tables of retention", $"{Schema} PRAGMA user_version = {Version};");
            return;
        }

        var isNew = version == 0;
        if (isNew && EndOffsetsFile.HasRecords(database.Path))
        {
            throw damage.FoundNoTables(
                $"it has no tables, but {EndOffsetsFile.PathOf(database.Path)} has end offsets: its write-ahead log is gone");
        }

        var id = Guid.NewGuid();
        EndOffsetsFile.Create(database.Path, id, isNew ? [] : LogCheck.EndsOf(database, damage));
        database.Execute("making the tables", $"""
            {Schema}
            INSERT INTO log (id, seed) VALUES ('{id}', {(isNew ? Random.Shared.NextInt64() : 0)});
            PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version};
            """);
        if (!isNew)
        {
            Restrict(database.Path);
        }
    }

    private static void Restrict(string path)
    {
        foreach (var file in new[] { path, path + "-wal", path + "-shm" }.Where(File.Exists))
        {
            PrivateFiles.Restrict(file);
        }
    }

    private static LogIdentity? Identity(Database database)
    {
        using var rows = database.Statement("reading the log's identity", "SELECT id, seed, (SELECT count(*) FROM log) FROM log");
        var identity = rows.Step() && rows.Long(2) == 1 && Guid.TryParse(rows.Text(0), out var id)
            ? new LogIdentity(id, rows.Long(1))
            : (LogIdentity?)null;
        rows.Reset();
        return identity;
    }
}
