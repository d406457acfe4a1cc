using Streaming.Log.Embedded;

namespace Streaming.Log.Tests.Embedded;

/// <summary>A folder for one test's log file.</summary>
internal sealed class LogFolder : IDisposable
{
    private readonly TempFolder _folder = new();

    public string File => _folder["events.db"];

    public EmbeddedEventLog Open() => EmbeddedEventLog.Open(new EmbeddedLogSettings(File));

    public void Dispose() => _folder.Dispose();
}
