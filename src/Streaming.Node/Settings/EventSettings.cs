namespace Streaming.Node.Settings;

/// <summary>The keys under <c>streaming.events</c>.</summary>
public sealed record EventSettings(int BatchLimit, TimeSpan AppendTimeout)
{
    internal static EventSettings Read(SettingsReader reader) => new(
        reader.WholeNumber("streaming.events.batch-limit", 1, 100_000),
        reader.Duration("streaming.events.append-timeout", TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(10)));
}
