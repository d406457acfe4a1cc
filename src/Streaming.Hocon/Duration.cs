using System.Globalization;

namespace Streaming.Hocon;

/// <summary>Spans of time as definition files write them: a whole number and a unit.</summary>
public static class Duration
{
    private const long MaxMillis = 36_500L * 86_400_000;

    /// <summary>Milliseconds of <c>7d</c>, <c>30 minutes</c> and the like; a bare 0 needs no unit.</summary>
    /// <returns>False for anything else, and for more than 36500 days.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out long millis)
    {
        var negative = text.StartsWith("-");
        text = negative ? text[1..] : text;
        var digits = 0;
        while (digits < text.Length && char.IsAsciiDigit(text[digits]))
        {
            digits++;
        }

        var unit = MillisOf(text[digits..].Trim());
        millis = 0;
        if (!long.TryParse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || (unit == 0 && (count != 0 || digits < text.Length)) || count > MaxMillis / Math.Max(unit, 1))
        {
            return false;
        }

        millis = negative ? -count * unit : count * unit;
        return true;
    }

    /// <summary>A unit in milliseconds; 0 for an unknown one.</summary>
    public static long MillisOf(ReadOnlySpan<char> unit) => unit switch
    {
        "ms" or "milli" or "millis" or "millisecond" or "milliseconds" => 1,
        "s" or "second" or "seconds" => 1_000,
        "m" or "minute" or "minutes" => 60_000,
        "h" or "hour" or "hours" => 3_600_000,
        "d" or "day" or "days" => 86_400_000,
        _ => 0,
    };

    /// <summary>A span in the largest unit that leaves a whole number: <c>7d</c>, <c>90m</c>.</summary>
    public static string Format(long millis)
    {
        var (count, unit) = millis switch
        {
            _ when millis % 86_400_000 == 0 => (millis / 86_400_000, "d"),
            _ when millis % 3_600_000 == 0 => (millis / 3_600_000, "h"),
            _ when millis % 60_000 == 0 => (millis / 60_000, "m"),
            _ when millis % 1_000 == 0 => (millis / 1_000, "s"),
            _ => (millis, "ms"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{count}{unit}");
    }
}
