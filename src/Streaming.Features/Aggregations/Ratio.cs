using Streaming.Features.Numerics;
using Streaming.Features.Layout;

namespace Streaming.Features.Aggregations;

/// <summary>The sum of one input over the sum of another, each over its own numbers. Absent when the second sum is zero.</summary>
internal sealed class Ratio() : Aggregation(
    new(
        "ratio",
        2,
        AcceptsAll: false,
        Numeric,
        Lifetime: true,
        KeepsInputType: false,
        [],
        "Sum of the first input over the sum of the second."))
{
    public override Aggregator Compile(AggregationUse use)
    {
        var numerator = use.Column(InputKind.Number, 0);
        var denominator = use.Column(InputKind.Number, 1);
        return new Reader(use, numerator, use.Total(Accumulator.Sum, numerator), denominator, use.Total(Accumulator.Sum, denominator));
    }

    private sealed class Reader(AggregationUse use, int numerator, int numeratorWord, int denominator, int denominatorWord) : Aggregator
    {
        private readonly Contributors _above = new(use, InputKind.Number, numerator);
        private readonly Contributors _below = new(use, InputKind.Number, denominator);

        public override bool TryRead(in WindowRead window, out double value, out long eventTime)
        {
            Span<long> sum = stackalloc long[ExactSum.Words];
            var present = window.Sum(numeratorWord, numerator, sum);
            var above = ExactSum.ToDouble(sum);
            var presentBelow = window.Sum(denominatorWord, denominator, sum);
            var below = ExactSum.ToDouble(sum);
            value = above / below;
            eventTime = Math.Max(_above.Newest(window, present), _below.Newest(window, presentBelow));
            return present > 0 && below != 0;
        }

        public override void Absorb(Span<long> slab, in StoredEvent stored)
        {
            _above.Absorb(slab, stored);
            _below.Absorb(slab, stored);
        }
    }
}
