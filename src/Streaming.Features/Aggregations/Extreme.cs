// Hot: scans a window per read.
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Streaming.Features.Layout;

namespace Streaming.Features.Aggregations;

/// <summary>The smallest number. Absent without a number.</summary>
internal sealed class Minimum() : Aggregation(OneInput("min", Comparable, lifetime: true, "Smallest value."))
{
    public override Aggregator Compile(AggregationUse use) => new ExtremeReader<Smaller>(use);
}

/// <summary>The largest number. Absent without a number.</summary>
internal sealed class Maximum() : Aggregation(OneInput("max", Comparable, lifetime: true, "Largest value."))
{
    public override Aggregator Compile(AggregationUse use) => new ExtremeReader<Larger>(use);
}

/// <summary>Which of two numbers wins; one that is NaN loses.</summary>
internal interface IExtreme
{
    static abstract double Of(double left, double right);

    static abstract Vector256<double> Of(Vector256<double> left, Vector256<double> right);
}

internal readonly struct Smaller : IExtreme
{
    public static double Of(double left, double right) => double.MinNumber(left, right);

    public static Vector256<double> Of(Vector256<double> left, Vector256<double> right) => Vector256.MinNumber(left, right);
}

internal readonly struct Larger : IExtreme
{
    public static double Of(double left, double right) => double.MaxNumber(left, right);

    public static Vector256<double> Of(Vector256<double> left, Vector256<double> right) => Vector256.MaxNumber(left, right);
}

/// <summary>Scans the window with four lanes. What a lifetime has lost to eviction is kept as one value.</summary>
internal sealed class ExtremeReader<TExtreme> : Aggregator
    where TExtreme : struct, IExtreme
{
    private readonly int _column;
    private readonly Contributors _contributors;
    private readonly int _baseWord = -1;

    public ExtremeReader(AggregationUse use)
    {
        _column = use.Column(InputKind.Number);
        _contributors = new Contributors(use, InputKind.Number, _column);
        if (use.IsLifetime)
        {
            _baseWord = use.BaseWords(2);
        }
    }

    public override bool TryRead(in WindowRead window, out double value, out long eventTime)
    {
        value = window.HypotheticalNumber(_column);
        if (_baseWord >= 0 && window.Words(_baseWord, 1)[0] != 0)
        {
            value = TExtreme.Of(value, BitConverter.Int64BitsToDouble(window.Words(_baseWord, 2)[1]));
        }

        value = TExtreme.Of(value, Scan(MemoryMarshal.Cast<long, double>(window.Column(_column))));
        eventTime = _contributors.Newest(window);
        return !double.IsNaN(value);
    }

    public override void Absorb(Span<long> slab, in StoredEvent stored)
    {
        if (_baseWord < 0)
        {
            return;
        }

        _contributors.Absorb(slab, stored);
        var value = BitConverter.Int64BitsToDouble(stored.Values[_column]);
        if (!double.IsNaN(value))
        {
            var before = slab[_baseWord] == 0 ? double.NaN : BitConverter.Int64BitsToDouble(slab[_baseWord + 1]);
            slab[_baseWord] = 1;
            slab[_baseWord + 1] = BitConverter.DoubleToInt64Bits(TExtreme.Of(value, before));
        }
    }

    private static double Scan(ReadOnlySpan<double> values)
    {
        var best = double.NaN;
        var i = 0;
        if (values.Length >= Vector256<double>.Count)
        {
            var lanes = Vector256.Create(double.NaN);
            for (; i <= values.Length - Vector256<double>.Count; i += Vector256<double>.Count)
            {
                lanes = TExtreme.Of(lanes, Vector256.Create(values[i..]));
            }

            for (var lane = 0; lane < Vector256<double>.Count; lane++)
            {
                best = TExtreme.Of(best, lanes[lane]);
            }
        }

        for (; i < values.Length; i++)
        {
            best = TExtreme.Of(best, values[i]);
        }

        return best;
    }
}
