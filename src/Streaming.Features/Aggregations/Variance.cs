using System.Runtime.InteropServices;
using Streaming.Features.Numerics;
using Streaming.Features.Plans;

namespace Streaming.Features.Aggregations;

/// <summary>
/// The sample variance, (n Σx² - (Σx)²) / (n (n-1)). The difference is taken between exact integers, so nothing cancels, and
/// rounded once; that keeps it exact under events that leave the window, which Welford's update cannot. Absent below two numbers.
/// </summary>
internal sealed class Variance() : Aggregation(OneInput("variance", Numeric, lifetime: true, "Sample variance (n - 1), in squared units of the input."))
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
    // Squares carry twice the fraction bits of a number: 2^112.
    private const double SquareUnit = 5192296858534827628530496329220096.0;

    public int Column { get; } = column;

    public static VarianceTotals For(AggregationUse use)
    {
        var column = use.Column(InputKind.Number);
        return new(column, use.Total(Accumulator.Sum, column), use.Total(Accumulator.Squares, column));
    }

    public bool TryRead(in WindowRead window, out double variance, out long count)
    {
        var sum = (UInt128)Int128.Abs(window.Sum(sumWord, Column, out count));
        if (count < 2)
        {
            variance = double.NaN;
            return false;
        }

        Span<ulong> squares = stackalloc ulong[4];
        MemoryMarshal.Cast<long, ulong>(window.Words(squaresWord, 4)).CopyTo(squares);
        AddHypothetical(window, squares);
        Span<ulong> difference = stackalloc ulong[5];
        Span<ulong> squaredSum = stackalloc ulong[4];
        WideInteger.Multiply(squares, (ulong)count, difference);
        WideInteger.Square(sum, squaredSum);
        WideInteger.Subtract(difference, squaredSum);
        variance = WideInteger.ToDouble(difference) / SquareUnit / ((double)count * (count - 1));
        return true;
    }

    private void AddHypothetical(in WindowRead window, Span<ulong> squares)
    {
        var value = window.HypotheticalNumber(Column);
        if (!double.IsNaN(value))
        {
            Span<ulong> square = stackalloc ulong[4];
            WideInteger.Square((UInt128)Int128.Abs(FixedPoint.FromDouble(value)), square);
            WideInteger.Add(squares, square);
        }
    }
}
