using Microsoft.Data.Sqlite;
using Streaming.Log.Conformance;
using Streaming.Log.Embedded;

namespace Streaming.Log.Tests.Embedded;

/// <summary>The files of a log whose process died, as somebody finds and harms them.</summary>
internal sealed class DamagedLog : IDisposable
{
    public const int Rows = 6;
    public const int RecordsPerRow = 5;
    private readonly LogFolder _folder = new();

    public static TopicPartition Partition { get; } = new("t", 0);

    public string File => _folder.File;

    public EmbeddedLogSettings Settings => new(File);

    private static CancellationToken Bounded => new CancellationTokenSource(Batches.Bound).Token;

    /// <summary>A log of 6 rows with 5 records each in t[0], and a commit at 10; what a killed process leaves, or what a stopped one does.</summary>
    public static async Task<DamagedLog> MakeAsync(bool isKilled = false)
    {
        using var living = new LogFolder();
        var damaged = new DamagedLog();
        var log = living.Open();
        await log.CreateTopicAsync("t", 2, Bounded);
        for (var row = 0; row < Rows; row++)
        {
            await log.AppendAsync(Partition, Batches.Numbered(row * RecordsPerRow, RecordsPerRow), Bounded);
        }

        await log.CommitAsync("g", Partition, 10, Bounded);
        if (isKilled)
        {
            damaged.CopyFrom(living.File);
        }

        await log.DisposeAsync();
        if (!isKilled)
        {
            damaged.CopyFrom(living.File);
        }

        return damaged;
    }

    /// <summary>Puts a copy of another log's files, those that it has, in place of these.</summary>
    public void CopyFrom(string file, params string[] only)
    {
        foreach (var ending in only.Length > 0 ? only : ["", "-wal", "-ends"])
        {
            if (System.IO.File.Exists(file + ending))
            {
                System.IO.File.Copy(file + ending, File + ending, overwrite: true);
            }
        }
    }

    /// <summary>Changes the tables as a hand would.</summary>
    public void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public Dictionary<string, byte[]> Files() => Directory.GetFiles(Path.GetDirectoryName(File)!)
        .Where(file => !file.EndsWith("-shm", StringComparison.Ordinal) && !(file.EndsWith("-wal", StringComparison.Ordinal) && new FileInfo(file).Length == 0))
        .ToDictionary(file => Path.GetFileName(file), System.IO.File.ReadAllBytes);

    public void Dispose() => _folder.Dispose();
}
