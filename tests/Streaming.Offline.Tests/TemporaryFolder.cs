namespace Streaming.Offline.Tests;

/// <summary>A folder that is gone after the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("streaming-offline-").FullName;

    public string this[string name] => Path.Combine(_path, name);

    public bool IsEmpty => !Directory.EnumerateFileSystemEntries(_path).Any();

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
