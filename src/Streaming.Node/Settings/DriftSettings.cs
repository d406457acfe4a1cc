namespace Streaming.Node.Settings;

/// <summary>The keys under <c>streaming.drift</c>.</summary>
public sealed record DriftSettings(bool Enabled, TimeSpan Window, TimeSpan Interval)
{
    internal static DriftSettings Read(SettingsReader reader) => new(
        reader.Flag("streaming.drift.enabled"),
        reader.Duration("streaming.drift.window", TimeSpan.FromMinutes(1), TimeSpan.FromDays(7)),
        reader.Duration("streaming.drift.interval", TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1)));
}
