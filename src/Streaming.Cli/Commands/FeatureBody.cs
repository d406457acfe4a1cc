using Streaming.Features.Plans;
using Streaming.Hocon;

namespace Streaming.Cli.Commands;

/// <summary>One feature, for programs.</summary>
internal sealed record FeatureBody(
    string Feature, string View, string Entity, string Source, string Key, string Time, string Delay, string Type, string Computes,
    double? Default)
{
    public static FeatureBody Of(ViewPlan view, FeaturePlan feature) => new(
        feature.FullName,
        feature.View,
        view.Entity,
        view.Source.Name,
        view.Source.Fields[view.KeyField].Name,
        view.Source.Fields[view.TimeField].Name,
        Duration.Format(view.DelayMillis),
        feature.Type.ToString().ToLowerInvariant(),
        feature.Description,
        double.IsNaN(feature.Default) ? null : feature.Default);
}
