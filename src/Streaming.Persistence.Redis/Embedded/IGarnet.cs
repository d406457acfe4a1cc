namespace Streaming.Persistence.Redis.Embedded;

/// <summary>A Garnet that runs, as its keeper needs it. Disposing it ends it, and closes connections.</summary>
internal interface IGarnet : IDisposable
{
    /// <summary>Ends when what has been written so far is in the file; fails where it cannot be written.</summary>
    Task WaitForCommitAsync(CancellationToken cancellation);

    /// <summary>Writes the log's end to the file.</summary>
    Task CommitAsync(CancellationToken cancellation);
}
