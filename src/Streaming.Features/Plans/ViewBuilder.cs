using System.Collections.Immutable;
using Streaming.Features.Aggregations;
using Streaming.Features.Events;
using Streaming.Features.Language;
using Streaming.Features.Layout;
using Streaming.Hocon;

namespace Streaming.Features.Plans;

/// <summary>
/// Compiles views: each of their aggregations, once for each window. Views of one entity that keep the same events, equally long, share
/// one plan, and so one copy of the events in each entity.
/// </summary>
internal static class ViewBuilder
{
    /// <summary>Compiles definitions that the language has checked.</summary>
    /// <param name="definitions">The views.</param>
    /// <param name="sourceOf">A source by its name.</param>
    /// <param name="correctsBy">The field by which a source's later events correct earlier ones; null where none does.</param>
    /// <returns>The plans, in the order of the first view of each.</returns>
    public static IEnumerable<ViewPlan> Build(
        IEnumerable<FeatureViewDefinition> definitions, Func<string, EventSource> sourceOf, Func<string, string?> correctsBy) =>
        definitions.GroupBy(view => (view.Entity, view.Source, view.KeyField, view.TimeField, view.DelayMillis, KeepsOf(view)))
            .Select(group => Build([.. group], sourceOf(group.Key.Source), correctsBy(group.Key.Source)));

    private static ViewPlan Build(FeatureViewDefinition[] views, EventSource source, string? correctsBy)
    {
        var layout = new LayoutBuilder();
        FeaturePlan[] features =
        [
            .. from view in views
            from feature in view.Features
            from window in WindowsOf(feature)
            select Compile(layout, view, feature, window),
        ];
        var time = views[0].TimeField;
        var logTime = source.LogTime is { } field && source.IndexOf(field) >= 0 && field != time ? field : null;
        if (logTime is not null || correctsBy is not null)
        {
            layout.Know(logTime ?? time, correctsBy);
        }

        return new ViewPlan(
            views,
            source,
            layout,
            features,
            logTime is null ? -1 : source.IndexOf(logTime),
            correctsBy is null ? -1 : source.IndexOf(correctsBy));
    }

    // The longest window, and whether a feature is of the lifetime.
    private static (long Longest, bool HasLifetime) KeepsOf(FeatureViewDefinition view) => (
        view.Features.SelectMany(feature => feature.Windows).Select(window => window.Millis).DefaultIfEmpty(0).Max(),
        view.Features.Any(feature => feature.Windows.IsEmpty));

    private static ImmutableArray<WindowDefinition> WindowsOf(AggregationDefinition feature) =>
        feature.Windows.IsEmpty ? [new WindowDefinition(string.Empty, WindowPlan.Lifetime)] : feature.Windows;

    private static FeaturePlan Compile(
        LayoutBuilder layout, FeatureViewDefinition view, AggregationDefinition feature, WindowDefinition window)
    {
        var aggregation = AggregationRegistry.Get(feature.Aggregation.Value);
        var index = layout.Window(window.Label, window.Millis);
        var use = new AggregationUse(layout, feature, index);
        var aggregator = aggregation.Compile(use);
        var name = $"{view.Name}.{feature.Name}{(window.Label.Length == 0 ? string.Empty : $"_{window.Label}")}";
        var type = aggregation.Signature.KeepsInputType ? feature.Inputs[0].Type : FieldType.Number;
        var description = Describe(view, feature, window);
        return new FeaturePlan(view.Name, name, type, index, aggregator, [.. use.Columns], feature.Default, feature.TtlMillis, description);
    }

    private static string Describe(FeatureViewDefinition view, AggregationDefinition feature, WindowDefinition window)
    {
        var inputs = feature.Inputs.IsEmpty ? "*" : string.Join(", ", feature.Inputs.Select(i => i.Canonical));
        var parameters = string.Concat(feature.Parameters.Select(p => FormattableString.Invariant($", {p.Key} = {p.Value}")));
        var where = feature.Where is null ? string.Empty : $" where {feature.Where.Canonical}";
        var span = window.Label.Length == 0 ? " over the lifetime" : $" over {window.Label}";
        var delay = view.DelayMillis == 0 ? string.Empty : $" ending {Duration.Format(view.DelayMillis)} ago";
        return $"{feature.Aggregation.Value}({inputs}{parameters}){where}{span}{delay}";
    }
}
