using System.Collections.Immutable;
using Streaming.Features.Tests.Kit;

namespace Streaming.Features.Tests.Aggregations;

public sealed class ApproximateCountDistinctSpec : AggregationSpec
{
    // Exact: the kit's windows hold fewer than 1,024 events. HyperLogLogSpec has the error above.
    private protected override ImmutableArray<AggregationCase> Cases { get; } =
    [
        new("numbers", "approx_count_distinct", [Transactions.Amount], (events, _) => Numbers.Distinct(events.Select(e => e.Amount))) { Lifetime = false },
        new("texts", "approx_count_distinct", [Transactions.Mcc],
            (events, _) => (double)events.Where(e => e.Mcc is not null).Select(e => e.Mcc).Distinct().Count())
        {
            Lifetime = false,
        },
    ];
}
