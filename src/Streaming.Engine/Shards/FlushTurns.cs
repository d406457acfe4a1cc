using Akka.Actor;
using Akka.Event;
using Streaming.Engine.Deliveries;

namespace Streaming.Engine.Shards;

/// <summary>
/// Gives the keepers of a node their turns to flush: one at a time, each at most once an interval. While sources catch up every entity
/// changes all the time; then each turn is followed by a rest of nine times what it took, so that checkpoints cost at most a tenth of
/// the node's time. Where more is in memory than the ceiling, there is no rest: only what is written can leave. Neither is there while
/// a node that has caught up settles. Before the node stops each has a last turn.
/// Says once when the store does not work, and once when it does again.
/// </summary>
/// <param name="interval">The least time between two flushes of a shard.</param>
/// <param name="patience">How long a turn may take before the next keeper has its own.</param>
/// <param name="isCaughtUp">Whether the sources have caught up.</param>
/// <param name="residency">What this node has in memory.</param>
/// <param name="report">Takes why the store does not work, and null once it does again.</param>
/// <param name="time">The clock.</param>
internal sealed class FlushTurns(
    TimeSpan interval, TimeSpan patience, Func<bool> isCaughtUp, Residency residency, Action<string?> report, TimeProvider time)
    : UntypedActor, IWithTimers
{
    private const int RestFactor = 9;
    private const int RestFactorLive = 1;
    private const int RestIntervalsMax = 6;

    // How soon it is seen that there is too much in memory.
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Queue<(IActorRef Keeper, long DueTicks)> _waiting = new();
    private IActorRef? _flushing;
    private long _beganTicks;
    private long _restsUntilTicks;
    private bool _isOutage;
    private bool _isLastTurn;
    private IActorRef? _drainer;
    private HashSet<IActorRef>? _unsettled;

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(
        TimeSpan interval, TimeSpan patience, Func<bool> isCaughtUp, Residency residency, Action<string?> report, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new FlushTurns(interval, patience, isCaughtUp, residency, report, time));

    protected override void PreStart() => _restsUntilTicks = time.GetTimestamp();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Register:
                Context.Watch(Sender);
                _waiting.Enqueue((Sender, time.GetTimestamp() + Ticks(interval)));
                break;
            case Ended ended when Sender.Equals(_flushing):
                ReportEnd(ended);
                Settle(_flushing!, isOutage: ended.Failure is not null);
                End();
                break;
            case Drain:
                _drainer = Sender;
                break;
            case Unavailable unavailable:
                Report(unavailable.Failure);
                break;
            case Available:
                Report(null);
                break;
            case Terminated stopped:
                Forget(stopped.ActorRef);
                break;
        }

        GoOn();
    }

    private void End()
    {
        var now = time.GetTimestamp();
        var rest = Math.Min((isCaughtUp() ? RestFactorLive : RestFactor) * (now - _beganTicks), RestIntervalsMax * Ticks(interval));
        (_restsUntilTicks, _beganTicks) = (now + rest, now);
        if (!_isLastTurn)
        {
            _waiting.Enqueue((_flushing!, now + Ticks(interval)));
        }

        _flushing = null;
    }

    // One that has stopped would have its turn all the same, and the others would wait for it: the last turn before a stop, too.
    private void Forget(IActorRef keeper)
    {
        for (var left = _waiting.Count; left > 0; left--)
        {
            if (_waiting.Dequeue() is var next && !next.Keeper.Equals(keeper))
            {
                _waiting.Enqueue(next);
            }
        }

        _flushing = keeper.Equals(_flushing) ? null : _flushing;
        Settle(keeper, isOutage: false);
    }

    // Each keeper once; not at all while the store is away.
    private void Settle(IActorRef keeper, bool isOutage)
    {
        if (_unsettled?.Remove(keeper) == true && (_unsettled.Count == 0 || isOutage))
        {
            _unsettled.Clear();
            residency.Settled();
        }
    }

    private void GoOn()
    {
        if (residency.IsSettling)
        {
            _unsettled ??= [.. _waiting.Select(static next => next.Keeper)];
        }

        var now = time.GetTimestamp();
        if (_flushing is not null)
        {
            // A keeper that does not end: its entities do not answer, or the store does not. It goes on; the others do not wait for it.
            if (time.GetElapsedTime(_beganTicks, now) < patience)
            {
                WakeAfter(patience);
                return;
            }

            End();
        }

        while (_waiting.TryPeek(out var next))
        {
            var wait = Math.Max(next.DueTicks, _restsUntilTicks) - now;
            if (wait > 0 && !residency.IsOver && !residency.IsSettling && _drainer is null)
            {
                WakeAfter(TimeSpan.FromTicks(Math.Min(time.GetElapsedTime(0, wait).Ticks, s_look.Ticks)));
                return;
            }

            (_flushing, _beganTicks, _isLastTurn) = (_waiting.Dequeue().Keeper, now, _drainer is not null);
            _flushing.Tell(ShardProtocol.Flush.Instance);
            WakeAfter(patience);
            return;
        }

        _drainer?.Tell(Drained.Instance);
    }

    private void WakeAfter(TimeSpan wait) => Timers.StartSingleTimer(Wake.Instance, Wake.Instance, wait);

    private void ReportEnd(Ended ended)
    {
        if (ended.HasAsked)
        {
            Report(ended.Failure);
        }
        else if (_isOutage)
        {
            // Where nothing has changed nothing else asks the store.
            Sender.Tell(ShardProtocol.Check.Instance);
        }
    }

    private void Report(string? failure)
    {
        report(failure?.TrimEnd('.'));
        if (failure is not null && !_isOutage)
        {
            _log.Warning("{0}; features go on from memory, and what a restart reads again grows", failure.TrimEnd('.'));
        }
        else if (failure is null && _isOutage)
        {
            _log.Warning("the store of snapshots is available again");
        }

        _isOutage = failure is not null;
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);

    /// <summary>A keeper has taken its slot, and wants turns.</summary>
    public sealed record Register : INoSerializationVerificationNeeded
    {
        /// <summary>The only one.</summary>
        public static readonly Register Instance = new();
    }

    /// <summary>The keeper's flush has ended.</summary>
    /// <param name="Failure">Why the store did not take it; null if it did.</param>
    /// <param name="HasAsked">Whether the store was asked at all: a flush of nothing says nothing of it.</param>
    public sealed record Ended(string? Failure, bool HasAsked = true) : INoSerializationVerificationNeeded;

    /// <summary>The store could not be asked.</summary>
    public sealed record Unavailable(string Failure) : INoSerializationVerificationNeeded;

    /// <summary>The store has answered.</summary>
    public sealed record Available : INoSerializationVerificationNeeded
    {
        /// <summary>The only one.</summary>
        public static readonly Available Instance = new();
    }

    /// <summary>The node stops: each keeper has one more turn, without rests, and the reply is <see cref="Drained"/>.</summary>
    public sealed record Drain : INoSerializationVerificationNeeded
    {
        /// <summary>The only one.</summary>
        public static readonly Drain Instance = new();
    }

    /// <summary>All keepers have had their last turn.</summary>
    public sealed record Drained : INoSerializationVerificationNeeded
    {
        /// <summary>The only one.</summary>
        public static readonly Drained Instance = new();
    }

    private sealed record Wake : INoSerializationVerificationNeeded
    {
        public static readonly Wake Instance = new();
    }
}
