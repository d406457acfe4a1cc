using Streaming.Features.Numerics;
using Streaming.Features.Layout;

namespace Streaming.Features.Aggregations;

/// <summary>The arithmetic mean of the numbers: their exact sum over their count, rounded once. Absent without a number.</summary>
internal sealed class Average() : Aggregation(OneInput("avg", Numeric, lifetime: true, "Arithmetic mean; of a flag, the share of true."))
{
    public override Aggregator Compile(AggregationUse use)
    {
        var column = use.Column(InputKind.Number);
        return new Reader(use, column, use.Total(Accumulator.Sum, column));
    }

    private sealed class Reader(AggregationUse use, int column, int word) : ColumnAggregator(use, InputKind.Number, column)
    {
        public override bool TryRead(in WindowRead window, out double value, out long eventTime)
        {
            Span<long> sum = stackalloc long[ExactSum.Words];
            var present = window.Sum(word, Column, sum);
            value = ExactSum.Divide(sum, present);
            eventTime = Contributors.Newest(window, present);
            return present > 0;
        }
    }
}
