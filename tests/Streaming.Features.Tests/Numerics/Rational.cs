using System.Numerics;

namespace Streaming.Features.Tests.Numerics;

/// <summary>Exact arithmetic on doubles by big integers, the twin of what the product sums in words.</summary>
internal static class Rational
{
    private const int Scale = 1200;

    /// <summary>A finite double times 2^1200.</summary>
    public static BigInteger Units(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)((bits >> 52) & 0x7FF);
        var mantissa = (bits & ((1L << 52) - 1)) | (exponent == 0 ? 0 : 1L << 52);
        var units = (BigInteger)mantissa << (Scale + Math.Max(exponent, 1) - 1075);
        return bits < 0 ? -units : units;
    }

    /// <summary>The double nearest to <paramref name="units"/> / 2^1200 / <paramref name="divisor"/>, ties to even.</summary>
    public static double Nearest(BigInteger units, BigInteger divisor)
    {
        if (units.IsZero)
        {
            return 0;
        }

        // One step of the exact quotient for each bit of a double and two more, then the remainder.
        var shift = 55 + (long)divisor.GetBitLength() - (long)BigInteger.Abs(units).GetBitLength();
        var (numerator, denominator) = shift >= 0 ? (BigInteger.Abs(units) << (int)shift, divisor) : (BigInteger.Abs(units), divisor << (int)-shift);
        var quotient = BigInteger.DivRem(numerator, denominator, out var remainder);
        var drop = (int)quotient.GetBitLength() - 53;
        var (mantissa, rest, half) = (quotient >> drop, quotient & ((BigInteger.One << drop) - 1), BigInteger.One << (drop - 1));
        if (rest > half || (rest == half && (!remainder.IsZero || !mantissa.IsEven)))
        {
            mantissa++;
        }

        return units.Sign * Math.ScaleB((double)mantissa, (int)(drop - shift - Scale));
    }

    /// <summary>The exact sum of numbers, rounded once.</summary>
    public static double Sum(IEnumerable<double> values) => Nearest(values.Aggregate(BigInteger.Zero, (sum, value) => sum + Units(value)), 1);

    /// <summary>The exact mean of numbers, rounded once.</summary>
    public static double Mean(IReadOnlyCollection<double> values) =>
        Nearest(values.Aggregate(BigInteger.Zero, (sum, value) => sum + Units(value)), values.Count);

    /// <summary>The exact sample variance of at least two numbers, rounded once.</summary>
    public static double Variance(IReadOnlyCollection<double> values)
    {
        var (sum, squares) = (BigInteger.Zero, BigInteger.Zero);
        foreach (var units in values.Select(Units))
        {
            (sum, squares) = (sum + units, squares + (units * units));
        }

        BigInteger n = values.Count;
        return Nearest((n * squares) - (sum * sum), (n * (n - 1)) << Scale);
    }
}
