using System.Globalization;
using Streaming.Hocon;

namespace Streaming.Log;

/// <summary>
/// The defaults of the logs' settings, from the reference.conf in this assembly, so that code and configuration have the same. Read by
/// the parser of the operator's file, so that a text means the same in both.
/// </summary>
internal static class LogDefaults
{
    private static readonly HoconObject s_reference = Read();

    /// <summary>A whole number.</summary>
    public static int Number(string key) => int.Parse(Text(key), CultureInfo.InvariantCulture);

    /// <summary>A span of time.</summary>
    public static TimeSpan Span(string key) =>
        Duration.TryParse(Text(key), out var millis) ? TimeSpan.FromMilliseconds(millis) : throw Wrong(key);

    /// <summary>On or off.</summary>
    public static bool Flag(string key) => Text(key) == "on";

    private static string Text(string key) => s_reference.Find(key)?.Value is HoconScalar scalar ? scalar.Text : throw Wrong(key);

    private static InvalidOperationException Wrong(string key) =>
        new($"the reference.conf of Streaming.Log has no {key}, or one that cannot be read");

    private static HoconObject Read()
    {
        using var stream = typeof(LogDefaults).Assembly.GetManifestResourceStream("reference.conf")
            ?? throw new InvalidOperationException("Streaming.Log embeds no reference.conf; see EmbeddedResource in its project file");
        using var reader = new StreamReader(stream);
        return HoconReader.Read("Streaming.Log/reference.conf", reader.ReadToEnd()).Root;
    }
}
