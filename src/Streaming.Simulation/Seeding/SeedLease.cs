using Streaming.Ingest;

namespace Streaming.Simulation.Seeding;

/// <summary>
/// The right to seed one log, held by one process of a machine at a time as an open file that nobody else can open: two seeds would both
/// write the same past and send every label twice. The system gives it back when a process ends, however it ends.
/// </summary>
internal sealed class SeedLease : IDisposable
{
    private readonly FileStream _file;

    private SeedLease(FileStream file) => _file = file;

    /// <summary>Takes the lease.</summary>
    /// <param name="path">The file that stands for the log.</param>
    /// <exception cref="IngestException">Another seed has it.</exception>
    public static SeedLease Take(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        try
        {
            return new SeedLease(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException error)
        {
            throw new IngestException(
                IngestFailure.System,
                $"another seed writes into this log already (it holds {path}): one at a time, or events and labels would come twice; end it, or give it a higher --rate",
                error);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
