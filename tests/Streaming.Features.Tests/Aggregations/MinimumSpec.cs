using System.Collections.Immutable;
using Streaming.Features.Tests.Kit;

namespace Streaming.Features.Tests.Aggregations;

public sealed class MinimumSpec : AggregationSpec
{
    private protected override ImmutableArray<AggregationCase> Cases { get; } =
    [
        new("amount", "min", [Transactions.Amount], (events, _) => Numbers.MinOrNull(events.Select(e => e.Amount))),
        new("time", "min", [Transactions.Seen], (events, _) => Numbers.MinOrNull(events.Select(e => e.Seen ?? double.NaN))),
    ];
}
