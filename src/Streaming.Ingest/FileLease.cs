using Streaming.Contracts;

namespace Streaming.Ingest;

/// <summary>
/// A right that one process of a machine has at a time, as an open file that no other can open. The system gives it back when a
/// process ends, however it ends.
/// </summary>
public sealed class FileLease : IDisposable
{
    private readonly FileStream _file;

    private FileLease(FileStream file) => _file = file;

    /// <summary>Takes the lease; null where another process has it.</summary>
    /// <param name="path">The file that stands for the right.</param>
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
