using Streaming.Features.Plans;
using Streaming.Hocon;
using Streaming.Offline.Files;
using Streaming.Offline.Parquet;

namespace Streaming.Offline.Backfill;

/// <summary>
/// Computes a feature service for a history in files: for every event its vector as of that event, itself included, by the plans
/// that the engine runs; events of other sources are joined as an engine would have known them then. Reading, computing and writing
/// overlap.
/// </summary>
public sealed class BackfillJob
{
    private readonly BackfillOptions _options;
    private readonly ServicePlan _service;
    private readonly BackfillSources _sources;

    /// <summary>Checks the options.</summary>
    /// <exception cref="BackfillException">The service does not exist, the inputs are not those of its sources, or the output cannot be
    /// written.</exception>
    /// <exception cref="TableFormatException">The map names a field that a source does not have.</exception>
    public BackfillJob(BackfillOptions options)
    {
        _options = options;
        var service = options.Catalog.FindService(options.Service)
            ?? throw new BackfillException(
                $"there is no feature service '{options.Service}'" +
                NearestName.Phrase(options.Service, options.Catalog.Services.Select(s => s.Name), "; there are ", '\''));
        _service = options.Catalog.For(service).Services[0];
        _sources = new BackfillSources(_service, options);
        if (OutputFile.Fault(options.Output, options.Inputs.Select(input => input.File)) is { } fault)
        {
            throw new BackfillException($"--output {fault}");
        }
    }

    /// <summary>Runs the job.</summary>
    /// <exception cref="TableFormatException">A file cannot be read, or lacks a column.</exception>
    /// <exception cref="IOException">The output cannot be written.</exception>
    public async Task<BackfillResult> RunAsync(IProgress<BackfillProgress>? progress, CancellationToken cancellation)
    {
        using var reader = _sources.OpenSpine();
        var joined = new List<SourceReader>();
        try
        {
            return await RunAsync(reader, Joined(joined), progress, cancellation);
        }
        finally
        {
            joined.ForEach(each => each.Dispose());
        }
    }

    // What was opened is disposed of even where the next file cannot be.
    private List<JoinedEvents> Joined(List<SourceReader> opened)
    {
        var joined = new List<JoinedEvents>();
        foreach (var (events, reader) in _sources.OpenJoined())
        {
            opened.Add(reader);
            joined.Add(events);
        }

        return joined;
    }

    private async Task<BackfillResult> RunAsync(
        SourceReader reader, List<JoinedEvents> joined, IProgress<BackfillProgress>? progress, CancellationToken cancellation)
    {
        using var join = new PointInTimeJoin(_service, _sources.Spine, joined, _options.Threads);
        using var output = new BackfillOutput(_options.Output, reader.IdColumn, reader.HasIntegerIds, _service, _sources.Spine);
        var rows = await BackfillPass.RunAsync(reader, join, output, progress, cancellation);
        return new BackfillResult(rows, output.Columns);
    }
}
