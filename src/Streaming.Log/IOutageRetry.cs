namespace Streaming.Log;

/// <summary>Decides when an <see cref="OutageTolerantReader"/> tries again in an outage of its log. One for each reader.</summary>
public interface IOutageRetry
{
    /// <summary>The log failed. Returns when it is time to try again.</summary>
    Task WaitAsync(EventLogException outage, CancellationToken cancellation);

    /// <summary>The log answers again, but nothing has been read yet.</summary>
    void Answered();

    /// <summary>A read succeeded.</summary>
    void Succeeded();
}
