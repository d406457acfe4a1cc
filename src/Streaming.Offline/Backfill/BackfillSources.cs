using System.Collections.Immutable;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Hocon;
using Streaming.Offline.Parquet;

namespace Streaming.Offline.Backfill;

/// <summary>Which source of a service each input is, which of them has the rows, and what is read of each.</summary>
internal sealed class BackfillSources
{
    private readonly ServicePlan _service;
    private readonly BackfillOptions _options;
    private readonly ImmutableArray<EventSource> _sources;
    private readonly ImmutableArray<EntityFeed> _feeds;
    private readonly Dictionary<EventSource, (ImmutableArray<string> Files, ColumnMap Map)> _inputs = [];

    /// <param name="service">The service, of a catalog that has only what it reads.</param>
    /// <param name="options">What was asked.</param>
    /// <exception cref="BackfillException">An input is of a source that the service does not read, or one that it reads has none; or the
    /// spine is none of them.</exception>
    /// <exception cref="TableFormatException">The map names what is not there.</exception>
    public BackfillSources(ServicePlan service, BackfillOptions options)
    {
        (_service, _options) = (service, options);
        _feeds = [.. service.Entities.SelectMany(read => read.Plan.Entity.Feeds)];
        _sources =
        [
            .. (service.Request is { } request ? [request] : Array.Empty<EventSource>())
                .Concat(_feeds.Select(feed => feed.Source))
                .DistinctBy(source => source.Name),
        ];
        CheckInputs();
        CheckMap();
        foreach (var source in _sources)
        {
            var map = _sources.Length == 1 && !options.Map.Fields.Any(IsQualified) ? options.Map : options.Map.Of(source);
            map.Check(source);
            var files = options.Inputs.Where(input => input.Source is null || input.Source == source.Name)
                .Select(input => input.File)
                .ToImmutableArray();
            _inputs.Add(
                source,
                files.IsEmpty
                    ? throw new BackfillException(
                        $"feature service '{service.Name}' reads {Names(" and ")}; there is no --input {source.Name}=FILE")
                    : (files, map));
        }

        var spine = SpineSource();
        Spine = new JoinSpine(spine, SpineTime(spine));
    }

    /// <summary>The rows.</summary>
    public JoinSpine Spine { get; }

    /// <summary>Opens the files with the rows.</summary>
    public SourceReader OpenSpine() => Open(Spine.Source, Spine.TimeField, withRequest: true, logTime: null);

    /// <summary>
    /// Opens the files of what is joined to them. The rows' own events are joined as they are read, each at its event time.
    /// </summary>
    public IEnumerable<(JoinedEvents Events, SourceReader Reader)> OpenJoined()
    {
        foreach (var feed in _feeds.DistinctBy(feed => (feed.Source.Name, feed.TimeField)))
        {
            if (!Spine.Feed(feed))
            {
                var reader = Open(feed.Source, feed.TimeField, withRequest: false, LogTime(feed.Source, feed.TimeField));
                yield return (new JoinedEvents(feed.Source, feed.TimeField, reader.Chunks()), reader);
            }
        }
    }

    private static bool IsQualified(string field) => field.Contains('.', StringComparison.Ordinal);

    private string Names(string last) => _sources.Length == 1
        ? _sources[0].Name
        : string.Join(", ", _sources[..^1].Select(source => source.Name)) + last + _sources[^1].Name;

    private string Suggestion(string name) => NearestName.Phrase(name, _sources.Select(source => source.Name), "; it reads ", '\'');

    private bool Reads(string source) => _sources.Any(each => each.Name == source);

    private void CheckInputs()
    {
        if (_options.Inputs.FirstOrDefault(input => input.Source is { } source && !Reads(source)) is { } unread)
        {
            throw new BackfillException(
                $"--input {unread.Source}={unread.File}: feature service '{_service.Name}' does not read " +
                $"'{unread.Source}'{Suggestion(unread.Source!)}");
        }

        if (_sources.Length > 1 && _options.Inputs.FirstOrDefault(input => input.Source is null) is { } nameless)
        {
            throw new BackfillException(
                $"--input {nameless.File}: feature service '{_service.Name}' reads {Names(" and ")}; say which these events are: " +
                $"{string.Join(" or ", _sources.Select(source => $"--input {source.Name}={nameless.File}"))}");
        }
    }

    private void CheckMap()
    {
        foreach (var field in _options.Map.Fields.Order(StringComparer.Ordinal))
        {
            if (IsQualified(field) && !Reads(field.Split('.', 2)[0]))
            {
                throw new TableFormatException(
                    $"--map {field}: feature service '{_service.Name}' does not read " +
                    $"'{field.Split('.', 2)[0]}'{Suggestion(field.Split('.', 2)[0])}");
            }

            if (!IsQualified(field) && (_sources.Length > 1 || _options.Map.Fields.Any(IsQualified)))
            {
                var owners = _sources.Where(source => source.IndexOf(field) >= 0).DefaultIfEmpty(_sources[0]);
                throw new TableFormatException(
                    $"--map {field}: say which source's it is: {string.Join(" or ", owners.Select(source => $"{source.Name}.{field}"))}");
            }
        }
    }

    private EventSource SpineSource()
    {
        var asked = _options.Spine;
        if (asked is not null && !Reads(asked))
        {
            throw new BackfillException($"--spine {asked}: feature service '{_service.Name}' does not read '{asked}'{Suggestion(asked)}");
        }

        if (_service.Request is { } request)
        {
            return asked is null || asked == request.Name
                ? request
                : throw new BackfillException(
                    $"--spine {asked}: a request of feature service '{_service.Name}' is one of {request.Name}, and so must be the rows: " +
                    $"--spine {request.Name}, or none");
        }

        return _sources.First(source => source.Name == (asked ?? _options.Inputs[0].Source ?? source.Name));
    }

    private int SpineTime(EventSource spine)
    {
        var read = _feeds.Where(feed => feed.Source == spine).Select(feed => feed.TimeField).Distinct().ToArray();
        var declared = read.Length > 0
            ? read
            :
            [
                .. _options.Catalog.Entities.SelectMany(entity => entity.Feeds)
                    .Where(feed => feed.Source == spine)
                    .Select(feed => feed.TimeField)
                    .Distinct(),
            ];
        var times = declared.Length > 0
            ? declared
            : [.. Enumerable.Range(0, spine.Fields.Length).Where(field => spine.Fields[field].Type == FieldType.Time)];
        return times.Length == 1 ? times[0] : throw new BackfillException(
            $"the rows are {spine.Name}, and their event time may be " +
            $"{string.Join(" or ", times.Select(field => spine.Fields[field].Name))}: backfill needs a view that says which, and no " +
            "other that says otherwise");
    }

    private static int? LogTime(EventSource source, int timeField) =>
        source.LogTime is { } name && source.IndexOf(name) is >= 0 and var field && field != timeField ? field : null;

    private SourceReader Open(EventSource source, int timeField, bool withRequest, int? logTime)
    {
        var wanted = new bool[source.Fields.Length];
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
            source, _inputs[source].Files, _inputs[source].Map, new SourceFields(wanted, [.. keys.Distinct()], timeField, logTime)
            {
                Ids = [.. feeds.SelectMany(feed => feed.IdFields).Distinct()],
            });
    }
}
