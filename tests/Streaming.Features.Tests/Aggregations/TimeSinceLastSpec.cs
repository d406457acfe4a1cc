using System.Collections.Immutable;
using Streaming.Features.Tests.Kit;

namespace Streaming.Features.Tests.Aggregations;

public sealed class TimeSinceLastSpec : AggregationSpec
{
    private protected override ImmutableArray<AggregationCase> Cases { get; } =
    [
        Since("all", [], _ => true),
        Since("number", [Transactions.Amount], e => !double.IsNaN(e.Amount)),
        Since("text", [Transactions.Mcc], e => e.Mcc is not null),
    ];

    private static AggregationCase Since(string name, ImmutableArray<Streaming.Features.Language.Expression> inputs, Func<Transaction, bool> counts) =>
        new(name, "time_since_last", inputs, (events, at) => events.LastOrDefault(counts) is { } last ? (at - last.Time) / 1000.0 : null)
        {
            SeesHypothetical = false,
        };
}
