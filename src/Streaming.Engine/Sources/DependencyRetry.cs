using Akka.Actor;
using Streaming.Engine.Deliveries;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>
/// Pauses a run while a dependency is unavailable, with exponential backoff until an operation succeeds, and reports it to the source.
/// Used by one stage of one run.
/// </summary>
internal sealed class DependencyRetry(string dependency, EngineSettings settings, TimeProvider time, DeliveryRun run) : IOutageRetry
{
    private readonly Backoff _backoff = new(settings);
    private bool _isUnavailable;

    /// <summary>Reports the outage and waits before the next try.</summary>
    /// <param name="reason">The cause.</param>
    /// <param name="isLogOutage">Whether the whole event log is unavailable, for all its partitions.</param>
    /// <param name="stop">Ends the wait.</param>
    public Task WaitAsync(string reason, bool isLogOutage, CancellationToken stop)
    {
        _isUnavailable = true;
        run.Source.Tell(new SourceProtocol.Unavailable(run, dependency, reason, isLogOutage), ActorRefs.NoSender);
        return Task.Delay(_backoff.Next(), time, stop);
    }

    /// <inheritdoc/>
    Task IOutageRetry.WaitAsync(EventLogException outage, CancellationToken cancellation) =>
        WaitAsync(outage.Message, isLogOutage: true, cancellation);

    /// <summary>The dependency responds again; the operation may still fail, so the backoff stays.</summary>
    public void Answered()
    {
        if (_isUnavailable)
        {
            _isUnavailable = false;
            run.Source.Tell(new SourceProtocol.Recovered(run, dependency), ActorRefs.NoSender);
        }
    }

    /// <summary>The operation succeeded.</summary>
    public void Succeeded()
    {
        Answered();
        _backoff.Reset();
    }
}
