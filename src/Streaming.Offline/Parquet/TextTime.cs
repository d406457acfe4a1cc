using System.Globalization;
using System.Text;
using Streaming.Features.Events;

namespace Streaming.Offline.Parquet;

/// <summary>Instants written as UTF-8 text.</summary>
internal static class TextTime
{
    private const int FractionDigitsMax = 7;
    private const int DateLength = 10;
    private const int MinuteLength = 16;

    /// <summary>
    /// Milliseconds since the epoch from ISO 8601 (without a zone: UTC) or from a whole number of milliseconds (<see cref="BareTime"/>).
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out long millis)
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
    public static string Fault(ReadOnlySpan<byte> text) =>
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

    private static bool TryInteger(ReadOnlySpan<byte> text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
}
