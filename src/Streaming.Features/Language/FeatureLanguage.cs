using System.Collections.Immutable;
using Streaming.Features.Events;

namespace Streaming.Features.Language;

/// <summary>stub</summary>
public static class FeatureLanguage
{
    /// <summary>stub</summary>
    public static (FeatureDefinitions Definitions, ImmutableArray<Diagnostic> Diagnostics) Parse(IReadOnlyList<(string File, string Text)> files, IReadOnlyList<EventSource> sources, IReadOnlyList<AggregationSignature> aggregations) => throw new NotSupportedException();
}
