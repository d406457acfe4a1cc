using System.Globalization;
using System.Text;

namespace Streaming.Offline.Parquet;

/// <summary>Values written as UTF-8 text.</summary>
internal static class TextValue
{
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

    /// <summary>Milliseconds since the epoch from ISO 8601 (without a zone: UTC) or from a whole number of milliseconds.</summary>
    public static bool TryTime(ReadOnlySpan<byte> text, out long millis)
    {
        if (TryInteger(text, out millis))
        {
            return true;
        }

        Span<char> characters = stackalloc char[40];
        if (text.Length > characters.Length)
        {
            return false;
        }

        var length = Encoding.UTF8.GetChars(text, characters);
        var styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowLeadingWhite | DateTimeStyles.AllowTrailingWhite;
        var parsed = DateTimeOffset.TryParse(characters[..length], CultureInfo.InvariantCulture, styles, out var instant);
        millis = parsed ? instant.ToUnixTimeMilliseconds() : 0;
        return parsed;
    }
}
