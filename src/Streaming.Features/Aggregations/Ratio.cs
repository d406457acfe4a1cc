using Streaming.Features.Numerics;
using Streaming.Features.Plans;

namespace Streaming.Features.Aggregations;

/// <summary>The sum of one input over the sum of another, each over its own numbers. Absent when the second sum is zero.</summary>
internal sealed class Ratio() : Aggregation(
    new("ratio", 2, AcceptsAll: false, Numeric, Lifetime: true, KeepsInputType: false, [], "Sum of the first input over the sum of the second."))
{
    public override Aggregator Compile(AggregationUse use)
    {
        var numerator = use.Column(InputKind.Number, 0);
        var denominator = use.Column(InputKind.Number, 1);
        return new Reader(numerator, use.Total(Accumulator.Sum, numerator), denominator, use.Total(Accumulator.Sum, denominator));
    }

    private sealed class Reader(int numerator, int numeratorWord, int denominator, int denominatorWord) : Aggregator
    {
        public override bool TryRead(in WindowRead window, out double value)
        {
            var above = FixedPoint.ToDouble(window.Sum(numeratorWord, numerator, out var present));
            var below = FixedPoint.ToDouble(window.Sum(denominatorWord, denominator, out _));
            value = above / below;
            return present > 0 && below != 0;
        }
    }
}
