using System.Collections.Immutable;
using Streaming.Features.Tests.Kit;

namespace Streaming.Features.Tests.Aggregations;

public sealed class AverageSpec : AggregationSpec
{
    // The naive sum rounds at every step; ours rounds once.
    private const double Rounding = 1e-11;

    private protected override ImmutableArray<AggregationCase> Cases { get; } =
    [
        new("amount", "avg", [Transactions.Amount], (events, _) => Mean(events.Select(e => e.Amount))) { Tolerance = Rounding },
        new("share", "avg", [Transactions.Fraud], (events, _) => Mean(events.Select(e => e.Fraud))),
    ];

    private static object? Mean(IEnumerable<double> values)
    {
        var numbers = Numbers.Present(values);
        return numbers.Length == 0 ? null : numbers.Sum() / numbers.Length;
    }
}
