using Apache.Arrow.Ipc;
using ParquetSharp;
using ParquetSharp.Arrow;

namespace Streaming.Offline.Lake;

/// <summary>
/// Merges the small files of a day. The day's new folder is made beside the old one and takes its name in one step: a reader, and a crash
/// at any point, finds each row once.
/// </summary>
public sealed class LakeCompaction
{
    /// <summary>Files from this size on are left alone.</summary>
    public const long TargetBytesDefault = 64L << 20;

    /// <summary>Where a day's new folder is made.</summary>
    internal const string NewDay = "day.new";

    private readonly LakeFolder _folder;
    private readonly string _lake;
    private readonly long _targetBytes;

    internal LakeCompaction(LakeFolder folder, string lake, long targetBytes) =>
        (_folder, _lake, _targetBytes) = (folder, lake, targetBytes);

    /// <summary>Merges the small files of a topic, where there are at least so many of one day and partition.</summary>
    /// <returns>How many files became how many.</returns>
    /// <exception cref="LakeException">Another process writes to the topic's files.</exception>
    public static async Task<(int Before, int After)> RunAsync(
        string lake, string topic, long targetBytes = TargetBytesDefault, int filesMin = 2, CancellationToken cancellation = default)
    {
        using var folder = LakeFolder.Open(lake, topic, new DiskFiles());
        return await new LakeCompaction(folder, lake, targetBytes).RunAsync(filesMin, cancellation);
    }

    internal async Task<(int Before, int After)> RunAsync(int filesMin, CancellationToken cancellation)
    {
        var (before, after) = (0, 0);
        foreach (var day in LakeFolder.List(_lake, _folder.Topic).GroupBy(file => file.Day))
        {
            cancellation.ThrowIfCancellationRequested();
            var runs = Runs([.. day], filesMin).ToList();
            if (runs.Any(run => run.Count > 1))
            {
                await ReplaceAsync(day.Key, runs, cancellation);
            }

            (before, after) = (before + day.Count(), after + runs.Count);
        }

        return (before, after);
    }

    /// <summary>A day's files, those together that become one.</summary>
    private IEnumerable<List<LakeFile>> Runs(List<LakeFile> files, int filesMin)
    {
        foreach (var partition in files.GroupBy(file => file.Name.Partition))
        {
            var (run, bytes) = (new List<LakeFile>(), 0L);
            foreach (var file in partition)
            {
                if (run.Count > 0 && bytes + file.Bytes > _targetBytes)
                {
                    foreach (var part in Parts(run, filesMin))
                    {
                        yield return part;
                    }

                    (run, bytes) = ([], 0);
                }

                run.Add(file);
                bytes += file.Bytes;
            }

            foreach (var part in Parts(run, filesMin))
            {
                yield return part;
            }
        }
    }

    // Files with other columns, of an older build, are not merged with these.
    private static IEnumerable<List<LakeFile>> Parts(List<LakeFile> run, int filesMin)
    {
        if (run.Count < filesMin)
        {
            return run.Select(file => new List<LakeFile> { file });
        }

        var parts = new List<List<LakeFile>>();
        string? last = null;
        foreach (var file in run)
        {
            var columns = ColumnsOf(file.Path);
            if (columns != last)
            {
                parts.Add([]);
            }

            parts[^1].Add(file);
            last = columns;
        }

        return parts;
    }

    private static string ColumnsOf(string path)
    {
        using var file = new ParquetFileReader(path);
        using var metadata = file.FileMetaData;
        return string.Join(';', Enumerable.Range(0, metadata.NumColumns).Select(i =>
        {
            var column = metadata.Schema.Column(i);
            return $"{column.Path.ToDotString()} {column.PhysicalType} {column.LogicalType.Type} {column.MaxDefinitionLevel}";
        }));
    }

    private async Task ReplaceAsync(string day, List<List<LakeFile>> runs, CancellationToken cancellation)
    {
        var fresh = Path.Combine(_folder.Staging, NewDay);
        _folder.Files.DeleteFolder(fresh);
        _folder.Files.CreateFolder(fresh);
        foreach (var run in runs)
        {
            var name = new LakeFileName(run[0].Name.Partition, run[0].Name.First, run[^1].Name.Last);
            var path = Path.Combine(fresh, name + LakeFileName.Data);
            if (run.Count == 1)
            {
                _folder.Files.Link(run[0].Path, path);
                continue;
            }

            await MergeAsync(run, path, cancellation);
            _folder.Files.Sync(path);
        }

        _folder.Files.Sync(fresh);
        _folder.Files.Exchange(fresh, _folder.DayFolder(day));
        _folder.Files.Sync(_folder.Staging);
        _folder.Files.Sync(Path.GetDirectoryName(_folder.DayFolder(day))!);
        _folder.Files.DeleteFolder(fresh);
    }

    private static async Task MergeAsync(List<LakeFile> run, string path, CancellationToken cancellation)
    {
        using var properties = new WriterPropertiesBuilder().Compression(Compression.Zstd).CompressionLevel(3).Build();
        FileWriter? writer = null;
        try
        {
            foreach (var file in run)
            {
                using var reader = new FileReader(file.Path);
                writer ??= new FileWriter(path, reader.Schema, properties);
                using var batches = reader.GetRecordBatchReader();
                await CopyAsync(batches, writer, cancellation);
            }

            writer!.Close();
        }
        finally
        {
            writer?.Dispose();
        }
    }

    private static async Task CopyAsync(IArrowArrayStream batches, FileWriter writer, CancellationToken cancellation)
    {
        while (await batches.ReadNextRecordBatchAsync(cancellation) is { } batch)
        {
            using (batch)
            {
                writer.WriteBufferedRecordBatch(batch);
            }
        }
    }
}
