using System.Collections.Immutable;
using System.Globalization;
using Streaming.Ingest;

namespace Streaming.Offline.Lake;

/// <summary>
/// One topic's files: <c>LAKE/TOPIC/day=2026-11-30/PARTITION-FIRST-LAST.parquet</c>. What is not finished is under
/// <c>LAKE/_lake/TOPIC</c>, where no glob of a topic looks. Used by one writer at a time, who holds its lease.
/// </summary>
internal sealed class LakeFolder : IDisposable
{
    /// <summary>Where unfinished work and records that could not be read are, in the lake's folder.</summary>
    public const string Aside = "_lake";

    private const string Origin = "origin";
    private const string Lease = "lease";
    private const string DayPrefix = "day=";
    private const string IntentEnding = ".intent";
    private readonly string _lake;
    private readonly FileLease _lease;

    private LakeFolder(string lake, string topic, ILakeFiles files, FileLease lease)
    {
        (_lake, Topic, Files, _lease) = (lake, topic, files, lease);
    }

    /// <summary>The topic.</summary>
    public string Topic { get; }

    /// <summary>By which its files are changed.</summary>
    public ILakeFiles Files { get; }

    /// <summary>Where its files are made.</summary>
    public string Staging => Path.Combine(_lake, Aside, Topic);

    /// <summary>Takes a topic's lease, and completes what a crash left unfinished.</summary>
    /// <exception cref="LakeException">Another process writes to it, or files that an export was about to place are gone.</exception>
    public static LakeFolder Open(string lake, string topic, ILakeFiles files)
    {
        files.CreateFolder(Path.Combine(lake, topic));
        files.CreateFolder(Path.Combine(lake, Aside, topic));
        var lease = FileLease.TryTake(Path.Combine(lake, Aside, topic, Lease), out _) ?? throw new LakeException(
            $"{Path.Combine(lake, topic)}: another process exports or compacts this topic; wait for it, or stop it");
        var folder = new LakeFolder(lake, topic, files, lease);
        try
        {
            folder.Recover();
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>The data files of a topic, by day, partition and offset.</summary>
    /// <exception cref="LakeException">One is none of the lake's, or two have the same records.</exception>
    public static ImmutableArray<LakeFile> List(string lake, string topic)
    {
        var folder = new DirectoryInfo(Path.Combine(lake, topic));
        var files = folder.Exists
            ? folder.EnumerateDirectories(DayPrefix + "*")
                .SelectMany(day => day.EnumerateFiles("*" + LakeFileName.Data).Select(file => FileOf(file, day.Name[DayPrefix.Length..])))
                .OrderBy(file => file.Day, StringComparer.Ordinal).ThenBy(file => file.Name.Partition).ThenBy(file => file.Name.First)
                .ToImmutableArray()
            : [];
        for (var i = 1; i < files.Length; i++)
        {
            if (files[i].Day == files[i - 1].Day && files[i].Name.Partition == files[i - 1].Name.Partition
                && files[i].Name.First <= files[i - 1].Name.Last)
            {
                throw new LakeException(
                    $"{files[i - 1].Path} and {files[i].Path} have the same records; this lake was copied together: delete the topic's " +
                    "folder and export it again");
            }
        }

        return files;
    }

    /// <summary>The files of records that could not be read.</summary>
    public static ImmutableArray<string> ListUndecodable(string lake, string topic) =>
        Directory.Exists(UndecodableOf(lake, topic))
            ? [.. Directory.GetFiles(UndecodableOf(lake, topic), "*.jsonl").Order(StringComparer.Ordinal)]
            : [];

    /// <summary>The offset behind the last that is in the lake, for each partition that has some.</summary>
    public static SortedDictionary<int, long> Positions(string lake, string topic)
    {
        var next = new SortedDictionary<int, long>();
        var names = List(lake, topic).Select(file => file.Name)
            .Concat(ListUndecodable(lake, topic).Select(LakeFileName.Parse).OfType<LakeFileName>());
        foreach (var name in names)
        {
            next[name.Partition] = Math.Max(next.GetValueOrDefault(name.Partition), name.Last + 1);
        }

        return next;
    }

    /// <summary>Notes whose records these are, so that those of another log do not come among them.</summary>
    /// <param name="identity">The topic's, in its log.</param>
    /// <exception cref="LakeException">They are of another log.</exception>
    public void Claim(string identity)
    {
        var file = Path.Combine(Staging, Origin);
        if (!File.Exists(file))
        {
            Files.Write(file + ".new", identity);
            Files.Move(file + ".new", file);
            Files.Sync(Staging);
        }
        else if (File.ReadAllText(file) != identity)
        {
            throw new LakeException(
                $"{Path.Combine(_lake, Topic)} has records of another log, or the topic was made anew; export to another folder, or " +
                $"delete this one and {Staging}");
        }
    }

    /// <summary>Where a day's files are.</summary>
    public string DayFolder(string day) => Path.Combine(_lake, Topic, DayPrefix + day);

    /// <summary>Where the records of a batch that could not be read are listed.</summary>
    public string UndecodableFile(LakeFileName name) => Path.Combine(UndecodableOf(_lake, Topic), name + ".jsonl");

    /// <summary>Moves the files of a batch to their places: all of them, in this run or in the next.</summary>
    /// <param name="batch">Which records they have.</param>
    /// <param name="moves">Files that are durable, and their places; full paths.</param>
    public void Place(LakeFileName batch, IEnumerable<LakeMove> moves)
    {
        var intent = new LakeIntent([.. moves.Select(move => new LakeMove(Relative(move.From), Relative(move.To)))]);
        var file = Path.Combine(Staging, batch + IntentEnding);
        Files.Sync(Staging);
        Files.Write(file + ".new", intent.ToJson());
        Files.Move(file + ".new", file);
        Files.Sync(Staging);
        Complete(file, intent);
    }

    /// <inheritdoc/>
    public void Dispose() => _lease.Dispose();

    private static string UndecodableOf(string lake, string topic) => Path.Combine(lake, Aside, topic, "undecodable");

    private static LakeFile FileOf(FileInfo file, string day) =>
        LakeFileName.Parse(file.Name) is { } name && DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, default, out _)
            ? new LakeFile(file.FullName, day, name, file.Length)
            : throw new LakeException($"{file.FullName}: this is no file of the lake; move it away, for who reads the lake reads it too");

    private string Relative(string path) => Path.GetRelativePath(_lake, path);

    private void Recover()
    {
        foreach (var file in Directory.GetFiles(Staging, "*" + IntentEnding).Order(StringComparer.Ordinal))
        {
            Complete(file, LakeIntent.Read(file));
        }

        // What no intent names is not in the lake: it is made again.
        foreach (var file in Directory.GetFiles(Staging).Where(static file => Path.GetFileName(file) is not (Lease or Origin)))
        {
            Files.Delete(file);
        }

        Files.DeleteFolder(Path.Combine(Staging, LakeCompaction.NewDay));
    }

    private void Complete(string file, LakeIntent intent)
    {
        foreach (var (from, to) in intent.Moves.Select(move => (Path.Combine(_lake, move.From), Path.Combine(_lake, move.To))))
        {
            if (File.Exists(from))
            {
                Files.CreateFolder(Path.GetDirectoryName(to)!);
                Files.Move(from, to);
            }
            else if (!File.Exists(to))
            {
                throw new LakeException(
                    $"{file}: neither {from} nor {to} is there, so records are missing; delete the topic's folder and export it again");
            }
        }

        foreach (var folder in intent.Moves.Select(move => Path.GetDirectoryName(Path.Combine(_lake, move.To))!).Distinct())
        {
            Files.Sync(folder);
            Files.Sync(Path.GetDirectoryName(folder)!);
        }

        Files.Delete(file);
    }
}
