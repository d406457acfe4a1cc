using Streaming.Features.Events;
using Streaming.Features.Language;
using Streaming.Features.Plans;
using Streaming.Offline.Parquet;

namespace Streaming.Offline.Backfill;

/// <summary>
/// Computes a feature service for a history in files: for every event its vector as of that event, itself included, by the plans
/// that the engine runs. Reading, computing and writing overlap.
/// </summary>
public sealed class BackfillJob
{
    private readonly BackfillOptions _options;
    private readonly ServicePlan _service;
    private readonly EventSource _source;

    /// <summary>Checks the options.</summary>
    /// <exception cref="BackfillException">The service does not exist, or reads more than one source.</exception>
    /// <exception cref="TableFormatException">The map names a field that the source does not have.</exception>
    public BackfillJob(BackfillOptions options)
    {
        _options = options;
        var service = options.Catalog.FindService(options.Service)
            ?? throw new BackfillException($"there is no feature service '{options.Service}'; {Mend(options.Service, options.Catalog.Services.Select(s => s.Name))}");
        _service = options.Catalog.For(service).Services[0];
        var sources = _service.Entities.SelectMany(e => e.Plan.Entity.Feeds).Select(f => f.Source).Distinct().ToArray();
        if (sources.Length != 1 || (_service.Request is { } request && request != sources[0]))
        {
            throw new BackfillException(
                $"feature service '{options.Service}' reads {string.Join(" and ", sources.Select(s => s.Name))}; backfill computes services of one source");
        }

        _source = sources[0];
        options.Map.Check(_source);
    }

    /// <summary>Runs the job.</summary>
    /// <exception cref="TableFormatException">A file cannot be read, or lacks a column.</exception>
    /// <exception cref="IOException">The output cannot be written.</exception>
    public async Task<BackfillResult> RunAsync(IProgress<BackfillProgress>? progress, CancellationToken cancellation)
    {
        var join = new PointInTimeJoin(_service, _source, _options.Threads);
        using var reader = OpenReader(join);
        using var output = new BackfillOutput(_options.Output, reader.IdColumn, reader.HasIntegerIds, _service);
        using var chunks = reader.Chunks().GetEnumerator();
        var rows = 0L;
        var next = Task.Run(() => chunks.MoveNext() ? chunks.Current : default, cancellation);
        var written = Task.CompletedTask;
        try
        {
            while (await next is { Chunk: { } chunk, Ids: { } ids })
            {
                cancellation.ThrowIfCancellationRequested();
                next = Task.Run(() => chunks.MoveNext() ? chunks.Current : default, cancellation);
                var buffer = output.NextBuffer(chunk.Count);
                await Task.Run(() => join.Process(chunk, buffer.Vector), cancellation);
                await written;
                written = Task.Run(() => output.Write(buffer, ids, chunk.Count), cancellation);
                rows += chunk.Count;
                progress?.Report(new BackfillProgress(rows, reader.RowCount));
            }

            await written;
        }
        finally
        {
            // Their files are native memory: neither may be at work when these are disposed.
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await written.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        output.Complete();
        return new BackfillResult(rows, output.Columns);
    }

    private static string Mend(string name, IEnumerable<string> names) =>
        NearestName.Find(name, names) is { } nearest ? $"did you mean '{nearest}'?" : $"there are {string.Join(", ", names)}";

    private SpineReader OpenReader(PointInTimeJoin join)
    {
        var wanted = new bool[_source.Fields.Length];
        foreach (var view in _service.Entities.SelectMany(e => e.Plan.Entity.Views))
        {
            view.VisitInputs(field => wanted[field] = true);
        }

        _service.VisitRequestFields(field => wanted[field] = true);
        var feeds = join.Entities.Select(e => e.SpineFeed!).ToArray();
        return new SpineReader(_source, _options.Inputs, _options.Map, wanted, [.. feeds.Select(f => f.KeyField).Distinct()], feeds[0].TimeField);
    }
}
