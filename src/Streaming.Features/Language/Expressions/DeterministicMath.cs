// Hot: called per event by expressions that use these functions.
namespace Streaming.Features.Language.Expressions;

/// <summary>
/// exp, log and log1p from additions, multiplications and divisions alone. .NET passes its own to the C library of the machine,
/// whose last bit differs between versions and processors; a feature must have the same bits online, offline and on every node.
/// Errors stay within 2 units in the last place.
/// </summary>
internal static class DeterministicMath
{
    // ln 2 in two parts: the first has its low 21 bits zero, so that a whole number of it is exact.
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;

    /// <summary>1/14! ... 1/2!, the coefficients of e^r from r^14 down to r^2.</summary>
    private static readonly double[] s_expSeries =
    [
        1 / 87178291200.0, 1 / 6227020800.0, 1 / 479001600.0, 1 / 39916800.0, 1 / 3628800.0, 1 / 362880.0, 1 / 40320.0,
        1 / 5040.0, 1 / 720.0, 1 / 120.0, 1 / 24.0, 1 / 6.0, 1 / 2.0,
    ];

    /// <summary>The coefficients of 2 atanh(s) from s^25 down to s^3.</summary>
    private static readonly double[] s_logSeries =
    [
        2 / 25.0, 2 / 23.0, 2 / 21.0, 2 / 19.0, 2 / 17.0, 2 / 15.0, 2 / 13.0, 2 / 11.0, 2 / 9.0, 2 / 7.0, 2 / 5.0, 2 / 3.0,
    ];

    /// <summary>e^x by its Taylor series around the nearest multiple of ln 2; infinite above 709.79, 0 below -745.14.</summary>
    public static double Exp(double x)
    {
        if (!(Math.Abs(x) <= 746))
        {
            return double.IsNaN(x) ? x : x > 0 ? double.PositiveInfinity : 0;
        }

        var k = Math.Round(x / (Ln2High + Ln2Low));
        var high = x - k * Ln2High;
        var low = k * Ln2Low;
        var r = high - low;
        var series = 0.0;
        foreach (var coefficient in s_expSeries)
        {
            series = series * r + coefficient;
        }

        // 1 + (r + r^2 * series), with what r lost in its own rounding added back.
        var lost = high - r - low;
        return Scale(1 + (r + (r * r * series + lost)), (int)k);
    }

    /// <summary>ln x: the exponent times ln 2, plus the atanh series of the mantissa; -infinity at 0, NaN below.</summary>
    public static double Log(double x)
    {
        if (!(x > 0) || double.IsPositiveInfinity(x))
        {
            return x == 0 ? double.NegativeInfinity : x > 0 ? x : double.NaN;
        }

        var (mantissa, exponent) = Split(x);
        var f = mantissa - 1;
        var s = f / (2 + f);
        var s2 = s * s;
        var series = 0.0;
        foreach (var coefficient in s_logSeries)
        {
            series = (series + coefficient) * s2;
        }

        // ln(1+f) = 2s + s*series, and 2s = f - s*f: the large part f is exact.
        return exponent * Ln2High + (f - (s * (f - series) - exponent * Ln2Low));
    }

    /// <summary>ln(1+x), exact for small x too: what 1+x lost in rounding is added back to first order.</summary>
    public static double Log1p(double x)
    {
        var u = 1 + x;
        if (u == 1 || double.IsPositiveInfinity(u))
        {
            return x;
        }

        return u > 0 ? Log(u) + (x - (u - 1)) / u : Log(u);
    }

    /// <summary>x = mantissa * 2^exponent with a mantissa in [sqrt(1/2), sqrt(2)).</summary>
    private static (double Mantissa, int Exponent) Split(double x)
    {
        const long fraction = 0x000F_FFFF_FFFF_FFFF;
        var exponent = 0;
        if (!double.IsNormal(x))
        {
            x *= 18014398509481984.0; // 2^54
            exponent = -54;
        }

        var bits = BitConverter.DoubleToInt64Bits(x);
        exponent += (int)(bits >> 52) - 1023;
        var mantissa = BitConverter.Int64BitsToDouble((bits & fraction) | (1023L << 52));
        return mantissa >= 1.4142135623730951 ? (mantissa * 0.5, exponent + 1) : (mantissa, exponent);
    }

    /// <summary>x * 2^k, in two steps so that neither leaves the range on the way.</summary>
    private static double Scale(double x, int k)
    {
        var half = k / 2;
        return x * PowerOfTwo(half) * PowerOfTwo(k - half);
    }

    private static double PowerOfTwo(int k) => BitConverter.Int64BitsToDouble((k + 1023L) << 52);
}
