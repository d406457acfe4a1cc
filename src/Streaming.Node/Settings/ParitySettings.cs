namespace Streaming.Node.Settings;

/// <summary>The keys under <c>streaming.parity</c>.</summary>
public sealed record ParitySettings(double Share, int QueueLimit, TimeSpan Interval, int EventsPerSecond)
{
    internal static ParitySettings Read(SettingsReader reader) => new(
        reader.Share("streaming.parity.share"),
        reader.WholeNumber("streaming.parity.queue-limit", 1, 100_000),
        reader.Duration("streaming.parity.interval", TimeSpan.FromMilliseconds(10), TimeSpan.FromDays(1)),
        reader.WholeNumber("streaming.parity.events-per-second", 1, 100_000_000));
}
