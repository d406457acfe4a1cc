using System.Collections.Immutable;

namespace Streaming.Offline.Training.Protocols;

/// <summary>Features by their names, or by a view's name and <c>.*</c>.</summary>
internal static class FeatureGroup
{
    /// <summary>Those that a name means.</summary>
    public static ImmutableArray<string> Matching(ImmutableArray<string> features, string name) =>
        [.. features.Where(feature => name.EndsWith(".*", StringComparison.Ordinal)
            ? feature.StartsWith(name[..^1], StringComparison.Ordinal)
            : feature == name)];

    /// <summary>Those that any name of a group means.</summary>
    public static ImmutableArray<string> Matching(ImmutableArray<string> features, IEnumerable<string> names) =>
        [.. names.SelectMany(name => Matching(features, name)).Distinct()];
}
