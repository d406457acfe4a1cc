using System.Collections.Immutable;
using Streaming.Features.Tests.Kit;

namespace Streaming.Features.Tests.Aggregations;

public sealed class StandardDeviationSpec : AggregationSpec
{
    // Those of the variance, and one of the root.
    private const double Rounding = 1e-15;

    private protected override ImmutableArray<AggregationCase> Cases { get; } =
    [
        new("amount", "stddev", [Transactions.Amount], (events, _) => Numbers.Variance(events.Select(e => e.Amount)) is double v ? Math.Sqrt(v) : null)
        {
            Tolerance = Rounding,
        },
    ];
}
