using System.Collections.Immutable;
using Streaming.Features.Tests.Kit;

namespace Streaming.Features.Tests.Aggregations;

public sealed class FirstSpec : AggregationSpec
{
    private protected override ImmutableArray<AggregationCase> Cases { get; } =
    [
        new("amount", "first", [Transactions.Amount], (events, _) => events.FirstOrDefault(e => !double.IsNaN(e.Amount))?.Amount),
        new("text", "first", [Transactions.Mcc], (events, _) => events.FirstOrDefault(e => e.Mcc is not null)?.Mcc),
    ];
}
