using Streaming.Engine.Entities;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>
/// Holds a run while something outside is away: each wait is twice as long as the last, until what was held succeeds. The source
/// is told the reason meanwhile. Used by one stage of one run.
/// </summary>
internal sealed class OutageHold(string what, EngineContext context, DeliveryRun run) : IOutageHold
{
    private readonly Backoff _backoff = new(context.Settings);
    private bool _isHeld;

    /// <summary>Reports the outage and waits before the next try.</summary>
    /// <param name="reason">How it is away.</param>
    /// <param name="isLogAway">Whether that is the log, for all its partitions.</param>
    /// <param name="stop">Ends the wait.</param>
    public Task WaitAsync(string reason, bool isLogAway, CancellationToken stop)
    {
        _isHeld = true;
        run.Source.Tell(new SourceProtocol.Outage(run, what, reason, isLogAway), Akka.Actor.ActorRefs.NoSender);
        return Task.Delay(_backoff.Next(), context.Time, stop);
    }

    /// <inheritdoc/>
    Task IOutageHold.WaitAsync(EventLogException outage, CancellationToken cancellation) => WaitAsync(outage.Message, isLogAway: true, cancellation);

    /// <summary>It answers again; whether it does what it is for is yet to be seen.</summary>
    public void Answered()
    {
        if (_isHeld)
        {
            _isHeld = false;
            run.Source.Tell(new SourceProtocol.OutageOver(run, what), Akka.Actor.ActorRefs.NoSender);
        }
    }

    /// <summary>What was held succeeded.</summary>
    public void Succeeded()
    {
        Answered();
        _backoff.Reset();
    }
}
