using System.Globalization;

namespace Streaming.Node.Settings;

/// <summary>Reads and writes the texts of settings.</summary>
internal static class SettingText
{
    /// <summary>Anything before an "@" may be a password.</summary>
    public static string WithoutUser(string url)
    {
        var end = url.LastIndexOf('@');
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        return end < 0 ? url : $"{(scheme >= 0 && scheme < end ? url[..(scheme + 3)] : string.Empty)}****{url[end..]}";
    }

    public static string[] Words(Setting? setting) =>
        (setting?.Text ?? string.Empty).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    public static bool IsAvroName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');

    public static string Describe(TimeSpan span)
    {
        var (count, unit) = span switch
        {
            { TotalHours: >= 1 } => (span.TotalHours, "h"),
            { TotalMinutes: >= 1 } => (span.TotalMinutes, "m"),
            { TotalSeconds: >= 1 } or { Ticks: 0 } => (span.TotalSeconds, "s"),
            _ => (span.TotalMilliseconds, "ms"),
        };
        return count.ToString(CultureInfo.InvariantCulture) + unit;
    }
}
