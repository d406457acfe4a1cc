using System.Globalization;
using System.Text;
using Streaming.Features.Events;

namespace Streaming.Offline.Parquet;

/// <summary>Values written as UTF-8 text.</summary>
internal static class TextValue
{
    // K is Z, an offset or nothing; F up to seven digits of a second. Nothing that leaves out the date: that would be today's.
    private static readonly string[] s_instants =
    [
        "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd' 'HH:mmK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd' 'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd' 'HH:mm:ss.FFFFFFF' 'zzz",
    ];

    private const int FractionDigitsMax = 7;

    public static bool TryNumber(ReadOnlySpan<byte> text, out double value)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
        {
            return true;
        }

        var flag = Ascii.EqualsIgnoreCase(text, "true"u8);
        value = flag ? 1 : 0;
        return flag || Ascii.EqualsIgnoreCase(text, "false"u8);
    }

    public static bool TryInteger(ReadOnlySpan<byte> text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    /// <summary>Milliseconds since the epoch from ISO 8601 (without a zone: UTC) or from a whole number of milliseconds (<see cref="BareTime"/>).</summary>
    public static bool TryTime(ReadOnlySpan<byte> text, out long millis)
    {
        if (TryInteger(text, out millis))
        {
            return BareTime.IsMilliseconds(millis);
        }

        Span<char> characters = stackalloc char[40];
        if (text.Length > characters.Length)
        {
            return false;
        }

        var length = Encoding.UTF8.GetChars(text, characters);
        var parsed = DateTimeOffset.TryParseExact(
            WithoutNanos(characters[..length].Trim()), s_instants, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant);
        millis = parsed ? instant.ToUnixTimeMilliseconds() : 0;
        return parsed;
    }

    /// <summary>What is wrong with a text that is no time, as the rest of a sentence about it.</summary>
    public static string TimeFault(ReadOnlySpan<byte> text) =>
        TryInteger(text, out var number) ? BareTime.Fault(number) : $"'{Encoding.UTF8.GetString(text)}', no instant (ISO 8601, or milliseconds)";

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
