using System.Globalization;
using Streaming.Features.Events;

namespace Streaming.Offline.Parquet;

/// <summary>An instant to the nanosecond.</summary>
/// <param name="Millis">Milliseconds since the epoch.</param>
/// <param name="Nanos">Nanoseconds of the millisecond.</param>
internal readonly record struct Instant(long Millis, int Nanos)
{
    /// <summary>The longest text.</summary>
    public const int TextMax = 40;

    private static readonly long s_first = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long s_last = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>Milliseconds within the calendar of years 1 to 9999; others could be taken for null.</summary>
    public static long Checked(long millis, StoredColumn column, int row) => millis >= s_first && millis <= s_last
        ? millis
        : throw column.NoTime(
            row,
            string.Create(CultureInfo.InvariantCulture, $"{millis} ms since 1970, outside the years 1 to 9999; {EventLimits.TimeRule}"));

    /// <summary>The day.</summary>
    public int FormatDate(Span<byte> text)
    {
        DateTimeOffset.FromUnixTimeMilliseconds(Millis).TryFormat(text, out var length, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        return length;
    }

    /// <summary>Date and time, with as many digits of a second as it needs.</summary>
    public int Format(Span<byte> text, bool isUtc)
    {
        DateTimeOffset.FromUnixTimeMilliseconds(Millis).TryFormat(
            text, out var length, "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        return FormatFraction((Math.Abs(Millis - s_first) % 1_000 * 1_000_000) + Nanos, text, length, isUtc);
    }

    /// <summary>Ends a text with a fraction of a second and its zone.</summary>
    public static int FormatFraction(long nanosOfSecond, Span<byte> text, int length, bool isUtc)
    {
        if (nanosOfSecond != 0)
        {
            text[length] = (byte)'.';
            nanosOfSecond.TryFormat(text[(length + 1)..], out var digits, "000000000", CultureInfo.InvariantCulture);
            length += 1 + text.Slice(length + 1, digits).TrimEnd((byte)'0').Length;
        }

        if (isUtc)
        {
            text[length++] = (byte)'Z';
        }

        return length;
    }
}
