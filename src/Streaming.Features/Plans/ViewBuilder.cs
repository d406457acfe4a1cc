using Streaming.Features.Aggregations;
using Streaming.Features.Events;
using Streaming.Features.Language;
using Streaming.Features.Layout;
using Streaming.Hocon;

namespace Streaming.Features.Plans;

/// <summary>Compiles one view: each of its aggregations, once for each window.</summary>
internal static class ViewBuilder
{
    /// <summary>Compiles a definition that the language has checked.</summary>
    /// <param name="definition">The view.</param>
    /// <param name="source">Its events.</param>
    /// <param name="correctsBy">The field by which later events correct earlier ones; null where none does.</param>
    public static ViewPlan Build(FeatureViewDefinition definition, EventSource source, string? correctsBy)
    {
        var layout = new LayoutBuilder();
        var features = new List<FeaturePlan>();
        foreach (var feature in definition.Features)
        {
            if (feature.Windows.IsEmpty)
            {
                features.Add(Compile(layout, definition, feature, new WindowDefinition(string.Empty, WindowPlan.Lifetime)));
            }

            features.AddRange(feature.Windows.Select(window => Compile(layout, definition, feature, window)));
        }

        var logTime = source.LogTime is { } field && source.IndexOf(field) >= 0 && field != definition.TimeField ? field : null;
        if (logTime is not null || correctsBy is not null)
        {
            layout.Know(logTime ?? definition.TimeField, correctsBy);
        }

        return new ViewPlan(
            definition,
            source,
            layout,
            [.. features],
            logTime is null ? -1 : source.IndexOf(logTime),
            correctsBy is null ? -1 : source.IndexOf(correctsBy));
    }

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
        return new FeaturePlan(name, type, index, aggregator, [.. use.Columns], feature.Default, feature.TtlMillis, description);
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
