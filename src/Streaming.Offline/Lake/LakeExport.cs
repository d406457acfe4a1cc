using Streaming.Contracts.Registry;
using Streaming.Log;

namespace Streaming.Offline.Lake;

/// <summary>
/// Copies a topic's records from the log to the lake, each exactly once: it goes on behind the last offset that the files' names tell.
/// Reads the log as any reader does, commits nothing to it, and may run beside a node.
/// </summary>
public sealed class LakeExport : IDisposable
{
    private const int ReadRecords = 8_192;
    private readonly LakeExportOptions _options;
    private readonly IEventLog _log;
    private readonly LakeFolder _folder;
    private readonly LakeSchema _schema;
    private readonly LakeDecoder _decoder;
    private readonly SortedDictionary<int, long> _next;
    private long _done;
    private long _total;

    /// <summary>Takes the topic's part of the lake, and completes what an export before it left unfinished.</summary>
    /// <exception cref="LakeException">Another process writes to it, or its files do not fit together.</exception>
    public LakeExport(LakeExportOptions options, IEventLog log, ISchemaRegistry registry)
        : this(options, log, registry, new DiskFiles())
    {
    }

    internal LakeExport(LakeExportOptions options, IEventLog log, ISchemaRegistry registry, ILakeFiles files)
    {
        (_options, _log) = (options, log);
        _schema = LakeSchema.Of(options.Topic);
        _decoder = new LakeDecoder(_schema, registry);
        _folder = LakeFolder.Open(options.Folder, options.Topic, files);
        try
        {
            _next = LakeFolder.Positions(options.Folder, options.Topic);
        }
        catch
        {
            _folder.Dispose();
            throw;
        }
    }

    /// <summary>Told of each record that cannot be decoded: its place, and why.</summary>
    public event Action<string>? Undecodable;

    /// <summary>Told of what else is worth knowing.</summary>
    public event Action<string>? Noted;

    /// <summary>Exports what the log has by now.</summary>
    /// <exception cref="LakeException">The log and the lake do not fit together.</exception>
    /// <exception cref="EventLogException">The log is unavailable.</exception>
    /// <exception cref="Ingest.IngestException">The registry does not answer.</exception>
    public async Task<LakeExportResult> RunAsync(IProgress<LakeExportProgress>? progress, CancellationToken cancellation)
    {
        var topic = await _log.DescribeTopicAsync(_options.Topic, cancellation);
        if (topic is not null)
        {
            _folder.Claim(topic.Identity);
        }

        var parts = new List<(TopicPartition Place, long From, long End)>();
        for (var partition = 0; partition < (topic?.Partitions ?? 0); partition++)
        {
            var place = new TopicPartition(_options.Topic, partition);
            var end = await _log.EndOffsetAsync(place, cancellation);
            parts.Add((place, await FromAsync(place, end, cancellation), end));
        }

        (_done, _total) = (0, parts.Sum(part => part.End - part.From));
        var result = new LakeExportResult(0, 0, 0);
        foreach (var (place, from, end) in parts)
        {
            result = await ExportAsync(place, from, end, result, progress, cancellation);
        }

        return result;
    }

    /// <summary>Merges small files, where there are at least so many of one day and partition.</summary>
    /// <returns>How many files became how many.</returns>
    public Task<(int Before, int After)> CompactAsync(int filesMin, CancellationToken cancellation) =>
        new LakeCompaction(_folder, _options.Folder, LakeCompaction.TargetBytesDefault).RunAsync(filesMin, cancellation);

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private async Task<long> FromAsync(TopicPartition place, long end, CancellationToken cancellation)
    {
        var begin = await _log.BeginningOffsetAsync(place, cancellation);
        if (!_next.TryGetValue(place.Partition, out var next))
        {
            if (begin > 0)
            {
                Noted?.Invoke($"{place}: the log begins at offset {begin}; what was before is not in the lake");
            }

            return begin;
        }

        if (next > end)
        {
            throw new LakeException(
                $"{place}: the lake has records up to offset {next - 1}, and the log ends before that at {end}: it is another log, or " +
                $"the topic was made anew; export to another folder, or delete {Path.Combine(_options.Folder, _options.Topic)}");
        }

        if (next >= begin)
        {
            return next;
        }

        Noted?.Invoke($"{place}: offsets {next} to {begin - 1} were deleted by retention before they were exported");
        return _options.AcceptGaps ? begin : throw new LakeException(
            $"{place}: retention deleted offsets {next} to {begin - 1} before they were exported; go on without them with --accept-gaps");
    }

    private async Task<LakeExportResult> ExportAsync(
        TopicPartition place,
        long from,
        long end,
        LakeExportResult result,
        IProgress<LakeExportProgress>? progress,
        CancellationToken cancellation)
    {
        if (from >= end)
        {
            return result;
        }

        await using var reader = _log.Read(place, from);
        while (reader.NextOffset < end)
        {
            var first = reader.NextOffset;
            var batch = new LakeBatch(_schema, place.Partition, first);
            await FillAsync(reader, end, batch, cancellation);
            var files = batch.Commit(_folder, reader.NextOffset - 1);
            _next[place.Partition] = reader.NextOffset;
            foreach (var (offset, fault) in batch.Undecodable)
            {
                Undecodable?.Invoke($"{place.Topic}:{place.Partition}:{offset} cannot be decoded: {fault}");
            }

            result = new LakeExportResult(
                result.Rows + batch.Rows.Count,
                result.Files + files - (batch.Undecodable.Count > 0 ? 1 : 0),
                result.Undecodable + batch.Undecodable.Count);
            _done += reader.NextOffset - first;
            progress?.Report(new LakeExportProgress(_done, Math.Max(_done, _total)));
        }

        return result;
    }

    private async Task FillAsync(IPartitionReader reader, long end, LakeBatch batch, CancellationToken cancellation)
    {
        var (count, bytes) = (0, 0L);
        while (reader.NextOffset < end && count < _options.BatchRecords && bytes < _options.BatchBytes)
        {
            var records = await reader.ReadAsync(Math.Min(ReadRecords, _options.BatchRecords - count), cancellation);
            await _decoder.DecodeAsync(records, batch, cancellation);
            (count, bytes) = (count + records.Count, bytes + records.Bytes);
            reader.Recycle(records);
        }
    }
}
