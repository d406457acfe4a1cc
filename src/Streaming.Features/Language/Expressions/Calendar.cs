// Hot: called per event by expressions that use these functions.
namespace Streaming.Features.Language.Expressions;

/// <summary>Parts of an instant in UTC, from milliseconds since 1970; null (NaN) stays null.</summary>
internal static class Calendar
{
    private const long HourMillis = 3_600_000;
    private const long DayMillis = 24 * HourMillis;

    /// <summary>0 to 23.</summary>
    public static double Hour(double millis) => IsExact(millis) ? Modulo((long)Math.Floor(millis), DayMillis) / HourMillis : double.NaN;

    /// <summary>1 (Monday) to 7 (Sunday); 1970-01-01 was a Thursday.</summary>
    public static double Weekday(double millis)
    {
        if (!IsExact(millis))
        {
            return double.NaN;
        }

        var instant = (long)Math.Floor(millis);
        var day = (instant - Modulo(instant, DayMillis)) / DayMillis;
        return Modulo(day + 3, 7) + 1;
    }

    private static bool IsExact(double millis) => Math.Abs(millis) <= 1L << 53;

    private static long Modulo(long value, long divisor) => ((value % divisor) + divisor) % divisor;
}

/// <summary>What can be found in UTF-8 without decoding it.</summary>
internal static class Utf8
{
    /// <summary>The bytes that start a character: all but 10xxxxxx.</summary>
    public static double CountCodePoints(ReadOnlySpan<byte> text)
    {
        var count = 0;
        foreach (var b in text)
        {
            count += (b & 0xC0) != 0x80 ? 1 : 0;
        }

        return count;
    }
}
