using System.Collections.Immutable;
using Streaming.Features.Tests.Kit;

namespace Streaming.Features.Tests.Aggregations;

public sealed class StandardDeviationSpec : AggregationSpec
{
    // As for the variance; the root of a variance that should be zero is as large as the root of its rounding.
    private const double Rounding = 1e-10;

    private protected override ImmutableArray<AggregationCase> Cases { get; } =
    [
        new("amount", "stddev", [Transactions.Amount], (events, _) => Numbers.Variance(events.Select(e => e.Amount)) is double v ? Math.Sqrt(v) : null)
        {
            Tolerance = Rounding,
        },
    ];
}
