namespace Streaming.Log;

/// <summary>How a caller waits while the log is away, and where it tells of that. Used by one <see cref="OutageTolerantReader"/>.</summary>
public interface IOutageHold
{
    /// <summary>The log is away: returns when it is to be tried again.</summary>
    Task WaitAsync(EventLogException outage, CancellationToken cancellation);

    /// <summary>The log answers again; whether it can be read is yet to be seen.</summary>
    void Answered();

    /// <summary>A read succeeded.</summary>
    void Succeeded();
}
