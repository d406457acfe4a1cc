using System.Collections.Immutable;
using Streaming.Features.Tests.Kit;
using Streaming.Features.Tests.Numerics;

namespace Streaming.Features.Tests.Aggregations;

public sealed class AverageSpec : AggregationSpec
{
    private protected override ImmutableArray<AggregationCase> Cases { get; } =
    [
        new("amount", "avg", [Transactions.Amount], (events, _) => Mean(events.Select(e => e.Amount))),
        new("share", "avg", [Transactions.Fraud], (events, _) => Mean(events.Select(e => e.Fraud))),
    ];

    private static double? Mean(IEnumerable<double> values) => Numbers.Present(values) is { Length: > 0 } numbers ? Rational.Mean(numbers) : null;
}
