using System.Globalization;
using System.Text;
using Streaming.Features.Events;
using Streaming.Features.Numerics;

namespace Streaming.Offline.Parquet;

/// <summary>Values written as UTF-8 text.</summary>
internal static class TextValue
{
    private const int FractionDigitsMax = 7;
    private const int DateLength = 10;
    private const int MinuteLength = 16;

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

    private static bool TryInteger(ReadOnlySpan<byte> text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    /// <summary>
    /// Milliseconds since the epoch from ISO 8601 (without a zone: UTC) or from a whole number of milliseconds (<see cref="BareTime"/>).
    /// </summary>
    public static bool TryTime(ReadOnlySpan<byte> text, out long millis)
    {
        if (TryInteger(text, out millis))
        {
            return BareTime.IsMilliseconds(millis);
        }

        if (TryWholeSeconds(text.EndsWith("Z"u8) ? text[..^1] : text, out millis))
        {
            return true;
        }

        Span<char> characters = stackalloc char[40];
        if (text.Length > characters.Length)
        {
            return false;
        }

        var length = Encoding.UTF8.GetChars(text, characters);
        var trimmed = WithoutNanos(characters[..length].Trim());
        var parsed = DateTimeOffset.TryParseExact(
            trimmed,
            FormatOf(trimmed),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var instant);
        millis = parsed ? instant.ToUnixTimeMilliseconds() : 0;
        return parsed;
    }

    /// <summary>What is wrong with a text that is no time, as the rest of a sentence about it.</summary>
    public static string TimeFault(ReadOnlySpan<byte> text) =>
        TryInteger(text, out var number)
            ? BareTime.Fault(number)
            : $"'{Encoding.UTF8.GetString(text)}', no instant (ISO 8601, or milliseconds)";

    // What most files have, without the general parser, which takes most of the time of reading a file.
    private static bool TryWholeSeconds(ReadOnlySpan<byte> text, out long millis)
    {
        millis = 0;
        if (text is not [_, _, _, _, (byte)'-', _, _, (byte)'-', _, _, (byte)'T' or (byte)' ', _, _, (byte)':', _, _, (byte)':', _, _]
            || !TryDigits(text[..4], 1, 9999, out var year) || !TryDigits(text[5..7], 1, 12, out var month)
            || !TryDigits(text[8..10], 1, DateTime.DaysInMonth(year, month), out var day)
            || !TryDigits(text[11..13], 0, 23, out var hour) || !TryDigits(text[14..16], 0, 59, out var minute)
            || !TryDigits(text[17..], 0, 59, out var second))
        {
            return false;
        }

        millis = (new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc) - DateTime.UnixEpoch).Ticks
            / TimeSpan.TicksPerMillisecond;
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, int min, int max, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= min && value <= max;

    // The only format that a text can have: to try all takes five times as long. K is Z, an offset or nothing; F up to seven digits of a
    // second. Nothing that leaves out the date: that would be today's.
    private static string FormatOf(ReadOnlySpan<char> text)
    {
        if (text.Length <= DateLength)
        {
            return "yyyy-MM-dd";
        }

        var (isT, hasSeconds) = (text[DateLength] == 'T', text.Length > MinuteLength && text[MinuteLength] == ':');
        return (isT, hasSeconds) switch
        {
            (true, false) => "yyyy-MM-dd'T'HH:mmK",
            (true, true) => "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
            (false, false) => "yyyy-MM-dd' 'HH:mmK",
            _ when text[(DateLength + 1)..].Contains(' ') => "yyyy-MM-dd' 'HH:mm:ss.FFFFFFF' 'zzz",
            _ => "yyyy-MM-dd' 'HH:mm:ss.FFFFFFFK",
        };
    }

    private static bool IsHeld(ReadOnlySpan<byte> text, double value) => double.IsFinite(value) && (value != 0 || !IsAboveZero(text));

    private static bool IsAboveZero(ReadOnlySpan<byte> text)
    {
        var exponent = text.IndexOfAny((byte)'e', (byte)'E');
        return (exponent < 0 ? text : text[..exponent]).IndexOfAnyInRange((byte)'1', (byte)'9') >= 0;
    }

    // Nanoseconds have two digits more than .NET reads; milliseconds are kept anyway.
    private static ReadOnlySpan<char> WithoutNanos(Span<char> text)
    {
        var from = text.IndexOf('.') + 1 + FractionDigitsMax;
        var until = from;
        while (from > FractionDigitsMax && until < text.Length && char.IsAsciiDigit(text[until]))
        {
            until++;
        }

        if (until > from)
        {
            text[until..].CopyTo(text[from..]);
        }

        return text[..(text.Length - until + from)];
    }
}
