using System.Collections.Immutable;
using Streaming.Features.Tests.Kit;

namespace Streaming.Features.Tests.Aggregations;

public sealed class PercentileSpec : AggregationSpec
{
    private protected override ImmutableArray<AggregationCase> Cases { get; } = [P("p0", 0), P("p25", 25), P("p50", 50), P("p99", 99), P("p100", 100)];

    private static AggregationCase P(string name, double p) =>
        new(name, "percentile", [Transactions.Amount], (events, _) => Interpolated([.. Numbers.Present(events.Select(e => e.Amount)).Order()], p / 100))
        {
            Lifetime = false,
            Parameters = ImmutableDictionary<string, double>.Empty.Add("p", p),
        };

    private static object? Interpolated(double[] sorted, double share)
    {
        if (sorted.Length == 0)
        {
            return null;
        }

        var rank = share * (sorted.Length - 1);
        var (below, above) = (sorted[(int)Math.Floor(rank)], sorted[(int)Math.Ceiling(rank)]);
        return below + ((rank - Math.Floor(rank)) * (above - below));
    }
}
