// Hot: reads the time of a request and writes two times per answer.
using System.Globalization;
using System.Text.Json;
using Streaming.Features.Events;

namespace Streaming.Scoring.Requests;

/// <summary>Event times as the API takes and gives them.</summary>
public static class Instants
{
    /// <summary>What is taken, for messages.</summary>
    public const string Expected =
        "ISO 8601 with an offset (2018-07-25T14:30:00Z) or milliseconds since 1970 (seconds times 1000), in the years 1900 to 9999";

    private const int Utf8Length = 24;

    private static readonly long s_minMillis = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long s_maxMillis = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>Reads the time at the reader.</summary>
    public static bool TryRead(ref Utf8JsonReader reader, out long millis)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            return reader.TryGetInt64(out millis) && IsAccepted(millis);
        }

        millis = 0;
        if (reader.TokenType != JsonTokenType.String || !HasOffset(reader.ValueSpan) || !reader.TryGetDateTimeOffset(out var instant))
        {
            return false;
        }

        millis = instant.ToUnixTimeMilliseconds();
        return EventLimits.IsEventTime(millis);
    }

    /// <summary>A time in a query string.</summary>
    public static bool TryParse(string text, out long millis)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out millis))
        {
            return IsAccepted(millis);
        }

        // If the client did not escape the plus sign of an offset, it arrives as a space.
        var isTime = DateTimeOffset.TryParseExact(
            text.Replace(' ', '+'),
            ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var instant);
        millis = instant.ToUnixTimeMilliseconds();
        return isTime && EventLimits.IsEventTime(millis) && (text.EndsWith('Z') || text.LastIndexOfAny(['+', '-', ' ']) > 9);
    }

    /// <summary>
    /// Writes ISO 8601 in UTC with milliseconds; null for no time. A time outside the calendar (from a damaged event) is written as a
    /// number of milliseconds: an answer with an odd time is better than none.
    /// </summary>
    public static void Write(Utf8JsonWriter writer, JsonEncodedText name, EventTime time)
    {
        if (time == EventTime.None)
        {
            writer.WriteNull(name);
            return;
        }

        if (time.Millis < s_minMillis || time.Millis > s_maxMillis)
        {
            writer.WriteNumber(name, time.Millis);
            return;
        }

        Span<byte> text = stackalloc byte[Utf8Length];
        DateTime.UnixEpoch.AddMilliseconds(time.Millis)
            .TryFormat(text, out _, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        writer.WriteString(name, text);
    }

    private static bool IsAccepted(long millis) => BareTime.IsMilliseconds(millis) && EventLimits.IsEventTime(millis);

    private static bool HasOffset(ReadOnlySpan<byte> text) =>
        text.Length > 10 && (text[^1] == 'Z' || text[10..].IndexOfAny((byte)'+', (byte)'-') >= 0);
}
