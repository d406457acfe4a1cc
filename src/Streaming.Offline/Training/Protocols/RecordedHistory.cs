using System.Collections.Immutable;
using Streaming.Features.Plans;
using Streaming.Offline.Backfill;
using Streaming.Offline.Parquet;

namespace Streaming.Offline.Training.Protocols;

/// <summary>
/// Training sets of a history in files: what <c>streaming backfill</c> gives for each row, by the same join, with the label beside it:
/// a flag of the row itself, or what a rule finds in the events after it.
/// </summary>
public sealed class RecordedHistory
{
    private readonly ServicePlan _service;
    private readonly BackfillSources _sources;
    private readonly LookAheadRule? _lookAhead;
    private readonly int _label;
    private readonly int _card;

    /// <param name="catalog">The compiled definitions.</param>
    /// <param name="service">The feature service.</param>
    /// <param name="protocol">What is learnt.</param>
    /// <param name="inputs">The files.</param>
    /// <exception cref="BackfillException">The inputs are not those of the service's sources.</exception>
    /// <exception cref="TableFormatException">The map names a field that a source does not have.</exception>
    public RecordedHistory(
        FeatureCatalog catalog, string service, TrainingProtocol protocol, ImmutableArray<BackfillInput> inputs)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(protocol);
        _service = catalog.For(catalog.FindService(service)!).Services[0];
        _sources = new BackfillSources(_service, new BackfillOptions
        {
            Catalog = catalog,
            Service = service,
            Inputs = inputs,
            Map = protocol.Map,
            Output = string.Empty,
        });
        var source = _sources.Spine.Source;
        _lookAhead = protocol.LookAhead?.Compile(source, []);
        _label = protocol.Label is { } label ? source.IndexOf(label.Value) : -1;
        _card = protocol.Card is { } card ? source.IndexOf(card.Value) : -1;
    }

    /// <summary>Goes through the whole history and keeps the rows of some time.</summary>
    /// <param name="from">The first, inclusive.</param>
    /// <param name="until">The last, exclusive.</param>
    /// <param name="progress">Told how many rows of how many are done.</param>
    /// <param name="cancellation">Ends it between two chunks.</param>
    /// <exception cref="TableFormatException">A file cannot be read, or lacks a column.</exception>
    /// <exception cref="TrainingException">A row has no label.</exception>
    public TrainingSet Build(
        DateTimeOffset from, DateTimeOffset until, IProgress<BackfillProgress> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(progress);
        using var reader = _sources.OpenSpine(_lookAhead?.Values ?? [_label], Keys());
        var joined = _sources.OpenJoined().ToList();
        try
        {
            using var join = new PointInTimeJoin(
                _service, _sources.Spine, [.. joined.Select(each => each.Events)], Environment.ProcessorCount);
            IRecordedRows rows = _lookAhead is null
                ? new RecordedRows(_service.FeatureNames, _label, _card, from, until)
                : new LookAheadRows(_service.FeatureNames, _lookAhead, _card, from, until);
            var done = 0L;
            foreach (var chunk in reader.Chunks())
            {
                cancellation.ThrowIfCancellationRequested();
                double[][] vector = [.. _service.FeatureNames.Select(_ => new double[chunk.Count])];
                join.Process(chunk, vector);
                rows.Add(chunk, vector);
                done += chunk.Count;
                progress.Report(new BackfillProgress(done, reader.RowCount));
            }

            return rows.ToSet();
        }
        finally
        {
            joined.ForEach(each => each.Reader.Dispose());
        }
    }

    private IEnumerable<int> Keys() => (_card < 0 ? Array.Empty<int>() : [_card]).Concat(_lookAhead?.Keys ?? []);
}
