using System.Globalization;
using Streaming.Hocon;

namespace Streaming.Persistence.Redis.Connection;

/// <summary>
/// The defaults of the settings, from the reference.conf in this assembly, so that code and configuration have the same. Read by the
/// parser of the operator's file, so that a text means the same in both.
/// </summary>
internal static class RedisDefaults
{
    /// <summary>The whole file.</summary>
    public static HoconDocument Document { get; } = Read();

    private static readonly LayeredSettings s_settings = new([Document], static _ => null);

    /// <summary>A text.</summary>
    public static string Text(string key) => s_settings.Find($"streaming.redis.{key}")?.Text ?? throw Wrong(key);

    /// <summary>A whole number.</summary>
    public static int Number(string key) => int.Parse(Text(key), CultureInfo.InvariantCulture);

    /// <summary>A large whole number.</summary>
    public static long LongNumber(string key) => long.Parse(Text(key), CultureInfo.InvariantCulture);

    /// <summary>A span of time.</summary>
    public static TimeSpan Span(string key) =>
        Duration.TryParse(Text(key), out var millis) ? TimeSpan.FromMilliseconds(millis) : throw Wrong(key);

    /// <summary>On or off.</summary>
    public static bool Flag(string key) => Text(key) == "on";

    private static InvalidOperationException Wrong(string key) =>
        new($"the reference.conf of Streaming.Persistence.Redis has no streaming.redis.{key}, or one that cannot be read");

    private static HoconDocument Read()
    {
        using var stream = typeof(RedisDefaults).Assembly.GetManifestResourceStream("reference.conf")
            ?? throw new InvalidOperationException("Streaming.Persistence.Redis embeds no reference.conf; see its project file");
        using var reader = new StreamReader(stream);
        return HoconReader.Read("Streaming.Persistence.Redis/reference.conf", reader.ReadToEnd());
    }
}
