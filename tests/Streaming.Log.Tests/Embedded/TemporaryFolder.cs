using Streaming.Log.Embedded;

namespace Streaming.Log.Tests.Embedded;

/// <summary>A folder for one test's log file.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("streaming-log-");

    public string File => Path.Combine(_folder.FullName, "events.db");

    public EmbeddedEventLog Open() => EmbeddedEventLog.Open(new EmbeddedLogSettings(File));

    public void Dispose() => _folder.Delete(recursive: true);
}
