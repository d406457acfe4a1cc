using System.Globalization;
using System.Numerics;
using Streaming.Features.Numerics;

namespace Streaming.Offline.Parquet;

/// <summary>
/// The doubles nearest to numbers that are stored otherwise. What lies beyond 2^53, if only by a little, comes out beyond it too, so that
/// the rule for numbers (<see cref="NumberRange"/>) sees it: rounding must not bring it back within.
/// </summary>
internal static class ExactNumber
{
    private const long Limit = (long)NumberRange.MaxMagnitude;

    // The largest power of ten that is a double; a division by it rounds once.
    private const int ScaleMax = 22;

    public static double Of(long value) => value is >= -Limit and <= Limit ? value : Beyond(value);

    public static double Of(ulong value) => value <= Limit ? value : Beyond(value);

    /// <summary>A decimal: its digits as a whole number, of which <paramref name="scale"/> stand behind the point.</summary>
    public static double Of(BigInteger digits, int scale)
    {
        if (BigInteger.Abs(digits) <= Limit && scale <= ScaleMax)
        {
            return (double)digits / Math.Pow(10, scale);
        }

        var text = string.Create(CultureInfo.InvariantCulture, $"{digits}E-{scale}");
        var value = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        return BigInteger.Abs(digits) > Limit * BigInteger.Pow(10, scale) ? Beyond(value) : value;
    }

    /// <summary>What stands for a number beyond the limit that is about <paramref name="value"/>.</summary>
    public static double Beyond(double value) =>
        Math.CopySign(Math.Max(Math.Abs(value), Math.BitIncrement(NumberRange.MaxMagnitude)), value);
}
