using System.Collections.Immutable;
using Streaming.Features.Tests.Kit;

namespace Streaming.Features.Tests.Aggregations;

public sealed class VarianceSpec : AggregationSpec
{
    // Three roundings: of the exact difference, of n (n - 1), and of their quotient.
    private const double Rounding = 1e-15;

    private protected override ImmutableArray<AggregationCase> Cases { get; } =
    [
        new("amount", "variance", [Transactions.Amount], (events, _) => Numbers.Variance(events.Select(e => e.Amount))) { Tolerance = Rounding },
        new("flags", "variance", [Transactions.Fraud], (events, _) => Numbers.Variance(events.Select(e => e.Fraud))) { Tolerance = Rounding },
    ];
}
