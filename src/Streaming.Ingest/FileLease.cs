using Streaming.Contracts;

namespace Streaming.Ingest;

/// <summary>
/// A lock between the processes of one machine: a file that one process holds open exclusively. The system releases it when the
/// process ends, even by a crash.
/// </summary>
public sealed class FileLease : IDisposable
{
    private readonly FileStream _file;

    private FileLease(FileStream file) => _file = file;

    /// <summary>Takes the lease; null if another process has it.</summary>
    /// <param name="path">The lock file.</param>
    /// <param name="cause">Why not.</param>
    public static FileLease? TryTake(string path, out IOException? cause)
    {
        PrivateFiles.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        try
        {
            cause = null;
            return new FileLease(PrivateFiles.Open(path, FileMode.OpenOrCreate, FileShare.None));
        }
        catch (IOException error)
        {
            cause = error;
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
