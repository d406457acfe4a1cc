namespace Streaming.TestKit;

/// <summary>A folder of a test's own that goes with it.</summary>
public sealed class TempFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("streaming-test-");

    /// <summary>Its full path.</summary>
    public string FullName => _folder.FullName;

    /// <summary>Whether nothing is in it.</summary>
    public bool IsEmpty => !_folder.EnumerateFileSystemInfos().Any();

    /// <summary>The full path of a file or folder in it.</summary>
    public string this[string name] => Path.Combine(FullName, name);

    /// <summary>Deletes it with all that is in it.</summary>
    public void Dispose() => _folder.Delete(recursive: true);
}
