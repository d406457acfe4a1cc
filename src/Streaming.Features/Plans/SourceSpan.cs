using System.Collections.Immutable;

namespace Streaming.Features.Plans;

/// <summary>How far back the features need the events of a source, to be built from its log alone.</summary>
/// <param name="Source">The source.</param>
/// <param name="Millis">
/// Before its newest event: the longest window with its delay, and <see cref="ViewPlan.ReadBackMillis"/>. Null for all that there ever
/// were: a feature of the lifetime.
/// </param>
/// <param name="View">The view that needs most.</param>
public sealed record SourceSpan(string Source, long? Millis, string View)
{
    /// <summary>The span of every source that feeds a view, by name.</summary>
    public static ImmutableSortedDictionary<string, SourceSpan> Of(FeatureCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return catalog.Entities.SelectMany(entity => entity.Views)
            .GroupBy(view => view.Source.Name, StringComparer.Ordinal)
            .Select(views => views.MaxBy(view => view.HasLifetime ? long.MaxValue : view.RetentionMillis)!)
            .ToImmutableSortedDictionary(
                view => view.Source.Name,
                view => new SourceSpan(view.Source.Name, view.HasLifetime ? null : view.RetentionMillis, view.Name),
                StringComparer.Ordinal);
    }
}
