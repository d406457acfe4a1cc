using System.Collections.Immutable;
using Streaming.Features.Tests.Kit;

namespace Streaming.Features.Tests.Aggregations;

public sealed class CountSpec : AggregationSpec
{
    private protected override ImmutableArray<AggregationCase> Cases { get; } =
    [
        new("all", "count", [], (events, _) => (double)events.Count),
        new("numbers", "count", [Transactions.Amount], (events, _) => (double)events.Count(e => !double.IsNaN(e.Amount))),
        new("texts", "count", [Transactions.Mcc], (events, _) => (double)events.Count(e => e.Mcc is not null)),
        new("times", "count", [Transactions.Seen], (events, _) => (double)events.Count(e => e.Seen is not null)),
    ];
}
