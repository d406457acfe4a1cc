using System.Collections.Immutable;
using Streaming.Features.Tests.Kit;

namespace Streaming.Features.Tests.Aggregations;

public sealed class SumSpec : AggregationSpec
{
    private protected override ImmutableArray<AggregationCase> Cases { get; } =
    [
        new("amount", "sum", [Transactions.Amount], (events, _) => Numbers.SumOrNull(events.Select(e => e.Amount))),
        new("integers", "sum", [Transactions.Other], (events, _) => Numbers.SumOrNull(events.Select(e => e.Other))),
        new("flags", "sum", [Transactions.Fraud], (events, _) => Numbers.SumOrNull(events.Select(e => e.Fraud))),
    ];
}
