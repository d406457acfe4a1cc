using System.Collections.Immutable;
using Streaming.Features.Language;

namespace Streaming.Features.Tests.Kit;

/// <summary>One way to use an aggregation, and its naive twin.</summary>
/// <param name="Name">The feature's name.</param>
/// <param name="Aggregation">The aggregation's registered name.</param>
/// <param name="Inputs">What is aggregated; empty for all events.</param>
/// <param name="Twin">
/// The result from the raw events of a window (oldest first, only those under the condition) and the read time: a double, a string, or
/// null for absent.
/// </param>
internal sealed record AggregationCase(
    string Name, string Aggregation, ImmutableArray<Expression> Inputs, Func<IReadOnlyList<Transaction>, long, object?> Twin)
{
    /// <summary>The largest difference from the twin, relative to its value or to one; 0 means the same bits.</summary>
    public double Tolerance { get; init; }

    /// <summary>Whether the aggregation may be used without a window.</summary>
    public bool Lifetime { get; init; } = true;

    /// <summary>Whether the event that is being scored counts.</summary>
    public bool SeesHypothetical { get; init; } = true;

    public ImmutableDictionary<string, double> Parameters { get; init; } = ImmutableDictionary<string, double>.Empty;
}
