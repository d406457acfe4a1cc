using System.Collections.Immutable;
using Streaming.Features.Tests.Kit;

namespace Streaming.Features.Tests.Aggregations;

public sealed class RatioSpec : AggregationSpec
{
    // The naive sums round at every step; ours round once.
    private const double Rounding = 1e-11;

    private protected override ImmutableArray<AggregationCase> Cases { get; } =
    [
        new("amount", "ratio", [Transactions.Amount, Transactions.Other], (events, _) => Quotient(events, e => e.Amount)) { Tolerance = Rounding },
        new("frauds", "ratio", [Transactions.Fraud, Transactions.Other], (events, _) => Quotient(events, e => e.Fraud)),
    ];

    private static object? Quotient(IReadOnlyList<Transaction> events, Func<Transaction, double> numerator)
    {
        var below = Numbers.Present(events.Select(e => e.Other)).Sum();
        return below != 0 && Numbers.SumOrNull(events.Select(numerator)) is double above ? above / below : null;
    }
}
