using System.Collections.Immutable;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Offline.Parquet;

namespace Streaming.Offline.Backfill;

/// <summary>Which source of a service each input is, which of them has the rows, and what is read of each.</summary>
internal sealed class BackfillSources
{
    private readonly ServicePlan _service;
    private readonly ImmutableArray<EntityFeed> _feeds;
    private readonly Dictionary<EventSource, (ImmutableArray<string> Files, ColumnMap Map)> _inputs = [];

    /// <param name="service">The service, of a catalog that has only what it reads.</param>
    /// <param name="options">What was asked.</param>
    /// <exception cref="BackfillException">An input is of a source that the service does not read, or one that it reads has none; or the
    /// spine is none of them.</exception>
    /// <exception cref="TableFormatException">The map names what is not there.</exception>
    public BackfillSources(ServicePlan service, BackfillOptions options)
    {
        var sources = new ServiceSources(service);
        (_service, _feeds) = (service, sources.Feeds);
        var rules = new BackfillInputRules(sources, options);
        rules.CheckInputs();
        rules.CheckMap();
        foreach (var source in sources.All)
        {
            var map = rules.MapOf(source);
            map.Check(source);
            var files = options.Inputs.Where(input => input.Source is null || input.Source == source.Name)
                .Select(input => input.File)
                .ToImmutableArray();
            _inputs.Add(
                source,
                files.IsEmpty
                    ? throw new BackfillException(
                        $"feature service '{service.Name}' reads {sources.Names(" and ")}; there is no --input {source.Name}=FILE")
                    : (files, map));
        }

        Spine = new SpineChoice(sources, options).Spine();
    }

    /// <summary>The rows.</summary>
    public JoinSpine Spine { get; }

    /// <summary>Opens the files with the rows.</summary>
    /// <param name="values">Fields that are read besides those that features need.</param>
    /// <param name="keys">Fields that are read as keys besides those of the entities.</param>
    public SourceReader OpenSpine(IEnumerable<int>? values = null, IEnumerable<int>? keys = null) =>
        Open(Spine.Source, Spine.TimeField, withRequest: true, logTime: null, values ?? [], keys ?? []);

    /// <summary>
    /// Opens the files of what is joined to them. The rows' own events are joined as they are read, each at its event time.
    /// </summary>
    public IEnumerable<(JoinedEvents Events, SourceReader Reader)> OpenJoined()
    {
        foreach (var feed in _feeds.DistinctBy(feed => (feed.Source.Name, feed.TimeField)))
        {
            if (!Spine.Feed(feed))
            {
                var reader = Open(feed.Source, feed.TimeField, withRequest: false, LogTime(feed.Source, feed.TimeField), [], []);
                yield return (new JoinedEvents(feed.Source, feed.TimeField, reader.Chunks()), reader);
            }
        }
    }

    private static int? LogTime(EventSource source, int timeField) =>
        source.LogTime is { } name && source.IndexOf(name) is >= 0 and var field && field != timeField ? field : null;

    private SourceReader Open(
        EventSource source, int timeField, bool withRequest, int? logTime, IEnumerable<int> moreValues, IEnumerable<int> moreKeys)
    {
        var wanted = new bool[source.Fields.Length];
        foreach (var field in moreValues)
        {
            wanted[field] = true;
        }

        wanted[timeField] = true;
        wanted[logTime ?? timeField] = true;
        var feeds = _feeds.Where(feed => feed.Source == source && feed.TimeField == timeField).ToArray();
        foreach (var feed in feeds)
        {
            feed.VisitInputs(field => wanted[field] = true);
        }

        if (withRequest)
        {
            _service.VisitRequestFields(field => wanted[field] = true);
        }

        var keys = withRequest
            ? _service.Entities.Select(read => Spine.KeyOf(read.Plan.Entity))
            : feeds.Select(feed => feed.KeyField);
        return new SourceReader(
            source,
            _inputs[source].Files,
            _inputs[source].Map,
            new SourceFields(wanted, [.. keys.Concat(moreKeys).Distinct()], timeField, logTime)
            {
                Ids = [.. feeds.SelectMany(feed => feed.IdFields).Distinct()],
            });
    }
}
