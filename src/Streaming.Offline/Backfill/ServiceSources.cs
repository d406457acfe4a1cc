using System.Collections.Immutable;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Hocon;

namespace Streaming.Offline.Backfill;

/// <summary>The sources that a service reads, as messages name them.</summary>
internal sealed class ServiceSources
{
    /// <param name="service">The service, of a catalog that has only what it reads.</param>
    public ServiceSources(ServicePlan service)
    {
        Service = service;
        Feeds = [.. service.Entities.SelectMany(read => read.Plan.Entity.Feeds)];
        All =
        [
            .. (service.Request is { } request ? [request] : Array.Empty<EventSource>())
                .Concat(Feeds.Select(feed => feed.Source))
                .DistinctBy(source => source.Name),
        ];
    }

    public ServicePlan Service { get; }

    public ImmutableArray<EntityFeed> Feeds { get; }

    /// <summary>Each once, the request's first.</summary>
    public ImmutableArray<EventSource> All { get; }

    public bool Reads(string source) => All.Any(each => each.Name == source);

    /// <summary>Their names, with these words before the last.</summary>
    public string Names(string last) => All.Length == 1
        ? All[0].Name
        : string.Join(", ", All[..^1].Select(source => source.Name)) + last + All[^1].Name;

    /// <summary>The fault of a name that is none of them.</summary>
    public string Unread(string name) =>
        $"feature service '{Service.Name}' does not read '{name}'" +
        NearestName.Phrase(name, All.Select(source => source.Name), "; it reads ", '\'');
}
