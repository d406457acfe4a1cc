using System.Globalization;

namespace Streaming.Cli.Shell;

/// <summary>Spans of time as the command line takes them: <c>500ms</c>, <c>30s</c>, <c>10m</c>, <c>2h</c>, <c>7d</c>.</summary>
internal static class CliDuration
{
    private const long DaysMax = 36_500;

    /// <summary>Reads a span; a bare 0 needs no unit, more than 36500 days is none.</summary>
    public static bool TryParse(string text, out TimeSpan span)
    {
        var digits = text.TakeWhile(char.IsAsciiDigit).Count();
        long unit = text[digits..] switch { "ms" => 1, "s" => 1_000, "m" => 60_000, "h" => 3_600_000, "d" => 86_400_000, _ => 0 };
        var isNumber = long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var count);
        var fits = isNumber && (unit > 0 ? count <= DaysMax * 86_400_000 / unit : text == "0");
        span = fits ? TimeSpan.FromMilliseconds(count * unit) : TimeSpan.Zero;
        return fits;
    }

    /// <summary>The largest unit that leaves a whole number.</summary>
    public static string Format(TimeSpan span)
    {
        var millis = (long)span.TotalMilliseconds;
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
