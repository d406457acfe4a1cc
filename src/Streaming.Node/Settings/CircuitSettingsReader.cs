using Streaming.Scoring.Circuits;

namespace Streaming.Node.Settings;

/// <summary>Reads the keys under <c>streaming.circuits</c>.</summary>
internal static class CircuitSettingsReader
{
    public static CircuitSettings Read(SettingsReader reader) => new(
        reader.Share("streaming.circuits.failure-ratio"),
        reader.WholeNumber("streaming.circuits.minimum-calls", 2, 1_000_000),
        reader.Duration("streaming.circuits.window", TimeSpan.FromMilliseconds(500), TimeSpan.FromHours(1)),
        reader.Duration("streaming.circuits.break", TimeSpan.FromMilliseconds(500), TimeSpan.FromHours(1)),
        reader.Duration("streaming.circuits.model-slow", TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1)));
}
