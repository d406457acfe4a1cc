using System.Runtime.InteropServices;
using Streaming.Features.Numerics;
using Streaming.Features.Layout;

namespace Streaming.Features.Aggregations;

/// <summary>
/// The sample variance, (n Σx² - (Σx)²) / (n (n-1)). The difference is taken between exact integers, so nothing cancels, and
/// rounded once; that keeps it exact under events that leave the window, which Welford's update cannot. Absent below two numbers.
/// </summary>
internal sealed class Variance()
    : Aggregation(OneInput("variance", Numeric, lifetime: true, "Sample variance (n - 1), in squared units of the input."))
{
    public override Aggregator Compile(AggregationUse use) => new Reader(use, VarianceTotals.For(use));

    private sealed class Reader(AggregationUse use, VarianceTotals totals) : ColumnAggregator(use, InputKind.Number, totals.Column)
    {
        public override bool TryRead(in WindowRead window, out double value, out long eventTime)
        {
            var present = totals.TryRead(window, out value, out var count);
            eventTime = Contributors.Newest(window, count);
            return present;
        }
    }
}

/// <summary>The square root of <see cref="Variance"/>, in the input's unit. Absent below two numbers.</summary>
internal sealed class StandardDeviation() : Aggregation(OneInput("stddev", Numeric, lifetime: true, "Sample standard deviation (n - 1)."))
{
    public override Aggregator Compile(AggregationUse use) => new Reader(use, VarianceTotals.For(use));

    private sealed class Reader(AggregationUse use, VarianceTotals totals) : ColumnAggregator(use, InputKind.Number, totals.Column)
    {
        public override bool TryRead(in WindowRead window, out double value, out long eventTime)
        {
            var present = totals.TryRead(window, out var variance, out var count);
            value = Math.Sqrt(variance);
            eventTime = Contributors.Newest(window, count);
            return present;
        }
    }
}

/// <summary>The totals that variance and standard deviation share, and the variance from them.</summary>
internal sealed class VarianceTotals(int column, int sumWord, int squaresWord)
{
    public int Column { get; } = column;

    public static VarianceTotals For(AggregationUse use)
    {
        var column = use.Column(InputKind.Number);
        return new(column, use.Total(Accumulator.Sum, column), use.Total(Accumulator.Squares, column));
    }

    public bool TryRead(in WindowRead window, out double variance, out long count)
    {
        Span<long> sum = stackalloc long[ExactSum.Words];
        count = window.Sum(sumWord, Column, sum);
        if (count < 2)
        {
            variance = double.NaN;
            return false;
        }

        Span<long> squares = stackalloc long[ExactSum.SquareWords];
        window.Words(squaresWord, ExactSum.SquareWords).CopyTo(squares);
        ExactSum.AddSquare(squares, window.HypotheticalNumber(Column));
        variance = OfTotals(sum, squares, (ulong)count);
        return true;
    }

    private static double OfTotals(ReadOnlySpan<long> sum, ReadOnlySpan<long> squares, ulong count)
    {
        Span<ulong> difference = stackalloc ulong[ExactSum.SquareWords + 1];
        Span<ulong> squaredSum = stackalloc ulong[ExactSum.SquareWords];
        Span<ulong> magnitude = stackalloc ulong[ExactSum.Words];
        ExactSum.Magnitude(sum, magnitude);
        WideInteger.Multiply(MemoryMarshal.Cast<long, ulong>(squares), count, difference);
        WideInteger.Square(magnitude, squaredSum);
        WideInteger.Subtract(difference, squaredSum);
        return WideInteger.ToDouble(difference, -2 * ExactSum.FractionBits) / ((double)count * (count - 1));
    }
}
