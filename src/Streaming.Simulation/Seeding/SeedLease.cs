using Streaming.Ingest;

namespace Streaming.Simulation.Seeding;

/// <summary>
/// The right to seed one log, one process of a machine at a time: two seeds would both write the same past and send every label twice.
/// </summary>
internal static class SeedLease
{
    /// <summary>Takes the lease.</summary>
    /// <param name="path">The file that stands for the log.</param>
    /// <exception cref="IngestException">Another seed has it.</exception>
    public static FileLease Take(string path) => FileLease.TryTake(path, out var cause) ?? throw new IngestException(
        IngestFailure.System,
        $"another seed writes into this log already (it holds {path}): one at a time, or events and labels would come twice; end it, or " +
        "give it a higher --rate",
        cause);
}
