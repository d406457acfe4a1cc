using System.Collections.Immutable;
using Streaming.Features.Language;

namespace Streaming.Features.Aggregations;

/// <summary>Every aggregation of the language, by name, in the order of the documentation.</summary>
public static class AggregationRegistry
{
    private static readonly ImmutableArray<Aggregation> s_all =
    [
        new Count(),
        new Sum(),
        new Average(),
        new Minimum(),
        new Maximum(),
        new Variance(),
        new StandardDeviation(),
        new First(),
        new Last(),
        new CountDistinct(),
        new ApproximateCountDistinct(),
        new Percentile(),
        new Ratio(),
        new TimeSinceLast(),
    ];

    /// <summary>What the language knows of each.</summary>
    public static ImmutableArray<AggregationSignature> Signatures { get; } = [.. s_all.Select(a => a.Signature)];

    /// <summary>An aggregation by a name that was checked before.</summary>
    internal static Aggregation Get(string name) => s_all.First(a => a.Signature.Name == name);
}
