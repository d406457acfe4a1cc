using System.Collections.Immutable;
using Streaming.Features.Tests.Kit;

namespace Streaming.Features.Tests.Aggregations;

public sealed class MaximumSpec : AggregationSpec
{
    private protected override ImmutableArray<AggregationCase> Cases { get; } =
    [
        new("amount", "max", [Transactions.Amount], (events, _) => Numbers.MaxOrNull(events.Select(e => e.Amount))),
        new("time", "max", [Transactions.Seen], (events, _) => Numbers.MaxOrNull(events.Select(e => e.Seen ?? double.NaN))),
    ];
}
