using System.Collections.Immutable;
using Streaming.Features.Tests.Kit;

namespace Streaming.Features.Tests.Aggregations;

public sealed class VarianceSpec : AggregationSpec
{
    // The twin's mean and squares are rounded at every step; ours are exact until the end.
    private const double Rounding = 1e-10;

    private protected override ImmutableArray<AggregationCase> Cases { get; } =
    [
        new("amount", "variance", [Transactions.Amount], (events, _) => Numbers.Variance(events.Select(e => e.Amount))) { Tolerance = Rounding },
        new("flags", "variance", [Transactions.Fraud], (events, _) => Numbers.Variance(events.Select(e => e.Fraud))) { Tolerance = Rounding },
    ];
}
