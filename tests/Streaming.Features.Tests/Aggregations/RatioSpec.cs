using System.Collections.Immutable;
using Streaming.Features.Tests.Kit;
using Streaming.Features.Tests.Numerics;

namespace Streaming.Features.Tests.Aggregations;

public sealed class RatioSpec : AggregationSpec
{
    private protected override ImmutableArray<AggregationCase> Cases { get; } =
    [
        new("amount", "ratio", [Transactions.Amount, Transactions.Other], (events, _) => Quotient(events, e => e.Amount)),
        new("frauds", "ratio", [Transactions.Fraud, Transactions.Other], (events, _) => Quotient(events, e => e.Fraud)),
    ];

    private static object? Quotient(IReadOnlyList<Transaction> events, Func<Transaction, double> numerator)
    {
        var below = Rational.Sum(Numbers.Present(events.Select(e => e.Other)));
        return below != 0 && Numbers.SumOrNull(events.Select(numerator)) is double above ? above / below : null;
    }
}
