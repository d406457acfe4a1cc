using System.Collections.Immutable;

namespace Streaming.Features.Plans;

/// <summary>How far back the features need the events of a source, to be built from its log alone.</summary>
/// <param name="Source">The source.</param>
/// <param name="Millis">
/// Before its newest event: the longest window with its delay, <see cref="ViewPlan.ReadBackMillis"/>, and the horizon of duplicates. Null
/// for all that there ever were: a feature of the lifetime.
/// </param>
/// <param name="View">The view that needs most.</param>
public sealed record SourceSpan(string Source, long? Millis, string View)
{
    /// <summary>The span of every source that feeds a view, by name.</summary>
    public static ImmutableSortedDictionary<string, SourceSpan> Of(FeatureCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return catalog.Entities.SelectMany(entity => entity.Feeds)
            .GroupBy(feed => feed.Source.Name, StringComparer.Ordinal)
            .Select(feeds => feeds.Select(feed => Of(feed)).MaxBy(span => span.Millis ?? long.MaxValue)!)
            .ToImmutableSortedDictionary(span => span.Source, span => span, StringComparer.Ordinal);
    }

    /// <summary>The span of what one feed delivers.</summary>
    public static SourceSpan Of(EntityFeed feed)
    {
        ArgumentNullException.ThrowIfNull(feed);
        var view = feed.Views.Select(index => feed.Entity.Views[index])
            .MaxBy(view => view.HasLifetime ? long.MaxValue : view.RetentionMillis)!;
        var horizon = feed.Duplicates?.HorizonMillis ?? 0;
        return new(feed.Source.Name, view.HasLifetime ? null : view.RetentionMillis + horizon, view.Name);
    }
}
