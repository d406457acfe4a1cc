// Hot: one conversion per aggregated value entering or leaving a window.
namespace Streaming.Features.Numerics;

/// <summary>
/// Doubles as signed 128-bit fixed-point numbers with 56 fractional bits. Sums of these are exact: they do not depend on the
/// order of the events, what was added can be taken away again without a trace, and two partial sums merge without error.
/// That is why a running window, a rebuilt one and an offline one agree to the last bit (docs/adr/0002-exact-sums.md).
/// </summary>
/// <remarks>
/// A value keeps every bit when its magnitude is 1/16 or more, or when it is a multiple of 2^-56; a smaller one is rounded to
/// the nearest multiple of 2^-56 (1.4e-17). Columns keep to <see cref="NumberRange"/>, so that 262,143 of its largest still fit;
/// what a reader meets in columns that are being moved is anything, and is taken as the limit.
/// </remarks>
internal static class FixedPoint
{
    /// <summary>Bits behind the point.</summary>
    public const int FractionBits = 56;

    private const double FractionUnit = 1L << FractionBits;

    /// <summary>The fixed-point value nearest to <paramref name="value"/>, which is not NaN.</summary>
    public static Int128 FromDouble(double value)
    {
        var bounded = Math.Clamp(value, -NumberRange.MaxMagnitude, NumberRange.MaxMagnitude);
        var whole = (long)bounded;
        var fraction = (long)Math.Round((bounded - whole) * FractionUnit);
        return ((Int128)whole << FractionBits) + fraction;
    }

    /// <summary>The double nearest to a fixed-point value.</summary>
    public static double ToDouble(Int128 value) => (double)value / FractionUnit;

    /// <summary>Reads a value from two words, low word first.</summary>
    public static Int128 Load(ReadOnlySpan<long> words) => new((ulong)words[1], (ulong)words[0]);

    /// <summary>Writes a value to two words, low word first.</summary>
    public static void Store(Int128 value, Span<long> words)
    {
        words[0] = (long)(ulong)value;
        words[1] = (long)(value >> 64);
    }
}
