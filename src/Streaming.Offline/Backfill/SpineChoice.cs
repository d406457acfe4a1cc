using Streaming.Features.Events;

namespace Streaming.Offline.Backfill;

/// <summary>Which source of a service has the rows, and which of its times is theirs.</summary>
internal sealed class SpineChoice(ServiceSources sources, BackfillOptions options)
{
    /// <summary>The rows.</summary>
    /// <exception cref="BackfillException">The source that was asked for has none, or their time is not clear.</exception>
    public JoinSpine Spine()
    {
        var source = Source();
        return new JoinSpine(source, TimeOf(source));
    }

    private EventSource Source()
    {
        var asked = options.Spine;
        if (asked is not null && !sources.Reads(asked))
        {
            throw new BackfillException($"--spine {asked}: {sources.Unread(asked)}");
        }

        if (sources.Service.Request is { } request)
        {
            return asked is null || asked == request.Name
                ? request
                : throw new BackfillException(
                    $"--spine {asked}: a request of feature service '{sources.Service.Name}' is one of {request.Name}, and so must " +
                    $"be the rows: --spine {request.Name}, or none");
        }

        return sources.All.First(source => source.Name == (asked ?? options.Inputs[0].Source ?? source.Name));
    }

    private int TimeOf(EventSource spine)
    {
        var read = sources.Feeds.Where(feed => feed.Source == spine).Select(feed => feed.TimeField).Distinct().ToArray();
        var declared = read.Length > 0 ? read :
            [
                .. options.Catalog.Entities.SelectMany(entity => entity.Feeds)
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
}
