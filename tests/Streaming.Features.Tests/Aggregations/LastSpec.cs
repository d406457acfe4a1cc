using System.Collections.Immutable;
using Streaming.Features.Tests.Kit;

namespace Streaming.Features.Tests.Aggregations;

public sealed class LastSpec : AggregationSpec
{
    private protected override ImmutableArray<AggregationCase> Cases { get; } =
    [
        new("amount", "last", [Transactions.Amount], (events, _) => events.LastOrDefault(e => !double.IsNaN(e.Amount))?.Amount),
        new("text", "last", [Transactions.Mcc], (events, _) => events.LastOrDefault(e => e.Mcc is not null)?.Mcc),
    ];
}
