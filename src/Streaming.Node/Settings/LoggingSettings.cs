namespace Streaming.Node.Settings;

/// <summary>The keys under <c>streaming.logging</c>.</summary>
public sealed record LoggingSettings(string Level, string Format)
{
    internal static LoggingSettings Read(SettingsReader reader) => new(
        reader.OneOf("streaming.logging.level", "verbose", "debug", "information", "warning", "error", "fatal"),
        reader.OneOf("streaming.logging.format", "text", "json"));
}
