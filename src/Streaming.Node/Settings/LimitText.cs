using System.Globalization;
using Streaming.Hocon;

namespace Streaming.Node.Settings;

/// <summary>Limits as settings write them: a span of time or a number of bytes, or <c>off</c> for none.</summary>
internal static class LimitText
{
    public const string TimeExpected = "a duration such as 12h or 90d, from 1m to 36500d, or off";
    public const string BytesExpected = "a size such as 500MiB or 10GiB, from 1MiB to 1000TiB, or off";

    private const long BytesMin = 1L << 20;
    private const long BytesMax = 1000L << 40;
    private static readonly (string Unit, long Bytes)[] s_units =
        [("TiB", 1L << 40), ("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10), ("B", 1)];

    /// <summary>A span of time; null for off.</summary>
    public static bool TryTime(string text, out TimeSpan? time)
    {
        time = null;
        if (text is "off")
        {
            return true;
        }

        var fits = Duration.TryParse(text.Trim(), out var millis) && millis >= 60_000;
        time = TimeSpan.FromMilliseconds(millis);
        return fits;
    }

    /// <summary>Bytes; null for off.</summary>
    public static bool TryBytes(string text, out long? bytes)
    {
        bytes = null;
        if (text is "off")
        {
            return true;
        }

        var (unit, factor) = Array.Find(s_units, unit => text.EndsWith(unit.Unit, StringComparison.Ordinal));
        if (unit is null || !long.TryParse(text[..^unit.Length].TrimEnd(), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || count > BytesMax / factor || count * factor < BytesMin)
        {
            return false;
        }

        bytes = count * factor;
        return true;
    }
}
