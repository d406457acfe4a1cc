using System.Collections.Immutable;
using Streaming.Features.Tests.Kit;

namespace Streaming.Features.Tests.Aggregations;

public sealed class CountDistinctSpec : AggregationSpec
{
    private protected override ImmutableArray<AggregationCase> Cases { get; } =
    [
        new("numbers", "count_distinct", [Transactions.Amount], (events, _) => Numbers.Distinct(events.Select(e => e.Amount))) { Lifetime = false },
        new("texts", "count_distinct", [Transactions.Mcc], (events, _) => (double)events.Where(e => e.Mcc is not null).Select(e => e.Mcc).Distinct().Count())
        {
            Lifetime = false,
        },
    ];
}
