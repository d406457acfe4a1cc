using System.Collections.Immutable;
using DuckDB.NET.Data;
using Streaming.Features.Plans;
using Streaming.Hocon;
using Streaming.Offline.Backfill;
using Streaming.Offline.Files;
using Streaming.Offline.Parquet;

namespace Streaming.Offline.Datasets;

/// <summary>
/// Makes a training set: for rows of entity keys, a time and whatever else, the features of a service as they were known then, by the
/// plans and the join of a backfill, from the events of a lake. Sorting is DuckDB's, within its memory or on disk.
/// </summary>
public sealed class DatasetJob
{
    private readonly DatasetOptions _options;
    private readonly ServicePlan _service;
    private readonly ImmutableArray<EntityFeed> _feeds;

    /// <summary>Checks the options.</summary>
    /// <exception cref="DatasetException">The service does not exist, or the output cannot be written.</exception>
    public DatasetJob(DatasetOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        var service = options.Catalog.FindService(options.Service) ?? throw new DatasetException(
            $"there is no feature service '{options.Service}'" +
            NearestName.Phrase(options.Service, options.Catalog.Services.Select(each => each.Name), "; there are ", '\''));
        _service = options.Catalog.For(service).Services[0];
        _feeds = [.. _service.Entities.SelectMany(read => read.Plan.Entity.Feeds)];
        var topics = _feeds.Select(feed => feed.Source.Name).Distinct().ToArray();
        if (options.Known.FirstOrDefault(known => !topics.Contains(known.Topic)) is { } unread)
        {
            throw new DatasetException(
                $"--known {unread.Topic}={unread.From}: feature service '{service.Name}' does not read '{unread.Topic}'" +
                NearestName.Phrase(unread.Topic, topics, "; it reads ", '\''));
        }

        if (OutputFile.Fault(options.Output, File.Exists(options.Spine) ? [options.Spine] : []) is { } fault)
        {
            throw new DatasetException($"--output {fault}");
        }
    }

    /// <summary>Makes it.</summary>
    /// <exception cref="DatasetException">The spine or the lake is not as the service needs it.</exception>
    /// <exception cref="IOException">The output cannot be written.</exception>
    public async Task<DatasetResult> RunAsync(IProgress<BackfillProgress>? progress, CancellationToken cancellation)
    {
        var work = _options.Output + ".work";
        Clear(work);
        Directory.CreateDirectory(work);
        try
        {
            return await Task.Run(() => RunAsync(work, progress, cancellation), cancellation);
        }
        catch (DuckDBException error)
        {
            throw new IOException($"DuckDB: {error.Message.Split('\n')[0]}", error);
        }
        finally
        {
            Clear(work);
        }
    }

    private async Task<DatasetResult> RunAsync(string work, IProgress<BackfillProgress>? progress, CancellationToken cancellation)
    {
        using var database = new LakeDatabase(_options.Lake, work, _options, cancellation);
        var spine = new SpineTable(database, _service, _options);
        var (spineFile, features, whole) = (
            Path.Combine(work, "spine.parquet"), Path.Combine(work, "features.parquet"), Path.Combine(work, "whole.parquet"));
        var (rows, first, last) = spine.Write(spineFile);
        var extracts = _feeds.GroupBy(feed => (feed.Source.Name, feed.TimeField))
            .Select((feeds, i) => (
                Extract: new FeedExtract(database, [.. feeds]), File: Path.Combine(work, $"events{i}.parquet"), feeds.Key.Name))
            .ToArray();
        foreach (var (extract, file, topic) in extracts)
        {
            extract.Write(_options.Known.LastOrDefault(known => known.Topic == topic), spine, spineFile, (first, last), file);
        }

        await JoinAsync(spine, spineFile, [.. extracts.Select(each => (each.Extract, each.File))], features, progress, cancellation);
        spine.WriteWith(spineFile, features, whole);
        File.Move(whole, _options.Output, overwrite: true);
        var names = _service.FeatureNames;
        return new DatasetResult(rows, [.. spine.Columns.Select(column => column.Name), .. names], names.Length);
    }

    private async Task JoinAsync(
        SpineTable spine,
        string spineFile,
        ImmutableArray<(FeedExtract Extract, string File)> extracts,
        string features,
        IProgress<BackfillProgress>? progress,
        CancellationToken cancellation)
    {
        var readers = new List<SourceReader>();
        try
        {
            var joined = new List<JoinedEvents>();
            foreach (var (extract, file) in extracts)
            {
                var (events, reader) = extract.Open(file);
                readers.Add(reader);
                joined.Add(events);
            }

            using var rows = spine.Open(spineFile);
            using var join = new PointInTimeJoin(_service, spine.Join, joined, _options.Threads);
            using var output = new BackfillOutput(features, rows.IdColumn, rows.HasIntegerIds, _service, spine.Join);
            await BackfillPass.RunAsync(rows, join, output, progress, cancellation);
        }
        catch (TableFormatException error)
        {
            throw new DatasetException($"a row of the spine or of the lake cannot be read, by order of time: {error.Message}", error);
        }
        finally
        {
            readers.ForEach(reader => reader.Dispose());
        }
    }

    private static void Clear(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
