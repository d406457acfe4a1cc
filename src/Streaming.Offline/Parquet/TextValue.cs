using System.Globalization;
using System.Text;
using Streaming.Features.Numerics;

namespace Streaming.Offline.Parquet;

/// <summary>Numbers and flags written as UTF-8 text.</summary>
internal static class TextValue
{
    /// <summary>A finite number, rounded to the nearest double. NaN is refused: a field without a value is empty.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> text, out double value)
    {
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) || !IsHeld(text, value))
        {
            return false;
        }

        if (Math.Abs(value) == NumberRange.MaxMagnitude
            && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact)
            && Math.Abs(exact) > (long)NumberRange.MaxMagnitude)
        {
            value = ExactNumber.Beyond(value);
        }

        return true;
    }

    /// <summary>Whether a text that is no number here is one that no double holds, such as <c>1e400</c>.</summary>
    public static bool IsOutOfRange(ReadOnlySpan<byte> text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && text.ContainsAnyInRange((byte)'0', (byte)'9') && !IsHeld(text, value);

    /// <summary>1 for true and 0 for false, which may also be written so.</summary>
    public static bool TryFlag(ReadOnlySpan<byte> text, out double value)
    {
        var flag = Ascii.EqualsIgnoreCase(text, "true"u8);
        value = flag ? 1 : 0;
        return flag || Ascii.EqualsIgnoreCase(text, "false"u8) || (TryNumber(text, out value) && value is 0 or 1);
    }

    /// <summary>
    /// Whether a text is what programs write that made a floating-point number of a whole one, or of none: <c>4711.0</c>,
    /// <c>4.711E+15</c>, <c>nan</c>.
    /// </summary>
    public static bool IsNumberOfAnId(ReadOnlySpan<byte> text)
    {
        text = text is [(byte)'-' or (byte)'+', ..] ? text[1..] : text;
        var behind = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (behind <= 0 || text[behind] != '.')
        {
            return text.SequenceEqual("nan"u8) || text.SequenceEqual("NaN"u8);
        }

        var fraction = text[(behind + 1)..];
        var exponent = fraction.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (exponent < 0)
        {
            return fraction.IndexOfAnyExcept((byte)'0') < 0;
        }

        // Java writes 4.1E15, most others 4.1e+15.
        var digits = fraction[exponent..] switch
        {
            [(byte)'e' or (byte)'E', (byte)'+', ..] => fraction[(exponent + 2)..],
            [(byte)'E', ..] => fraction[(exponent + 1)..],
            _ => default,
        };
        return !digits.IsEmpty && digits.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
    }

    private static bool IsHeld(ReadOnlySpan<byte> text, double value) => double.IsFinite(value) && (value != 0 || !IsAboveZero(text));

    private static bool IsAboveZero(ReadOnlySpan<byte> text)
    {
        var exponent = text.IndexOfAny((byte)'e', (byte)'E');
        return (exponent < 0 ? text : text[..exponent]).IndexOfAnyInRange((byte)'1', (byte)'9') >= 0;
    }
}
