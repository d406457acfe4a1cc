using Streaming.Scoring.Serving;

namespace Streaming.Node.Settings;

/// <summary>Reads the keys under <c>streaming.models.watch</c>.</summary>
internal static class WatchSettingsReader
{
    public static WatchSettings Read(SettingsReader reader) => new(
        reader.Duration("streaming.models.watch.period", TimeSpan.Zero, TimeSpan.FromDays(1)),
        reader.Share("streaming.models.watch.fault-ratio-max"),
        reader.Duration("streaming.models.watch.latency-max", TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1)),
        reader.WholeNumber("streaming.models.watch.minimum-answers", 1, 1_000_000));
}
