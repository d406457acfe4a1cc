using Streaming.Ingest;

namespace Streaming.Simulation.Seeding;

/// <summary>
/// Lets one process of a machine seed a log at a time: two seeds would write the same history and send every label twice.
/// </summary>
internal static class SeedLease
{
    /// <summary>Takes the lease.</summary>
    /// <param name="path">The log's lock file.</param>
    /// <exception cref="IngestException">Another seed has it.</exception>
    public static FileLease Take(string path) => FileLease.TryTake(path, out var cause) ?? throw new IngestException(
        IngestFailure.System,
        $"another seed already writes into this log (it holds {path}), and two would write events and labels twice; stop it, or " +
        "give it a higher --rate",
        cause);
}
