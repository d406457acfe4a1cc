using Akka.Actor;
using Akka.Event;
using Streaming.Engine.Deliveries;
using Streaming.Features.Events;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>
/// Reads one partition and feeds its entities, in runs (<see cref="SourceRun"/>), one after the other. Each begins at the log's first
/// offset: entities have no snapshots yet, so they know what this process has read. A gap, a lost entity, a failed event or a fault
/// ends a run. After a backoff, which resets when a run gets further than any before, the next one begins; in it entities skip what
/// they have applied. The committed "judged" offset says which dead letters are written already. It holds for the same definitions
/// and the same build only: events that others accepted and that are bad by these have no dead letter yet.
/// </summary>
internal sealed partial class PartitionSourceActor : UntypedActor, IWithTimers, IDisposable
{
    private const string LogOutage = "event log";
    private const string EndOutage = "end of the log";
    private const string RunOutage = "last run";

    private readonly SourcePlan _plan;
    private readonly TopicPartition _partition;
    private readonly EngineSettings _settings;
    private readonly IEventLog _eventLog;
    private readonly SourceParts _parts;
    private readonly SourceOffsets _offsets;
    private readonly SourceServices _services;
    private readonly TimeProvider _time;
    private readonly Backoff _backoff;
    private readonly SourceNotices _notices;
    private readonly Freshness _freshness;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CancellationTokenSource _life = new();
    private PartitionStatus _status;
    private IActorRef? _stopRequester;

    public PartitionSourceActor(
        SourcePlan plan, TopicPartition partition, SourceParts parts, SourceOffsets offsets, SourceServices services)
    {
        _plan = plan;
        _partition = partition;
        _parts = parts;
        _settings = parts.Settings;
        _eventLog = parts.Log;
        _time = parts.Time;
        _offsets = offsets;
        _services = services;
        _backoff = new Backoff(_settings);
        _notices = new SourceNotices(partition, _settings.StaleAfter, plan.FutureToleranceMillis, _log, _time);
        _freshness = new Freshness(_settings, _time);
        _run = new DeliveryRun(Self, 0);
        _status = new PartitionStatus(_partition, 0, 0, EventTime.None, PartitionState.CatchingUp, null, 0, 0);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        _services.Directory.Add(_partition, Self);
        _services.Guard.Tell(new EngineGuard.Watch(Self, $"the source of {_partition}"));
        Post(_status);
        PrepareRun();
        Timers.StartPeriodicTimer(SourceProtocol.Tick.Instance, SourceProtocol.Tick.Instance, FirstTick(), _settings.CommitInterval);
    }

    protected override void PostStop()
    {
        _runStop.Cancel();
        _life.Cancel();
        _services.Outages.Forget(_partition);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _runStop.Dispose();
        _life.Dispose();
    }

    protected override void OnReceive(object message)
    {
        if (!OnRunMessage(message) && !OnTickMessage(message) && !OnLifecycleMessage(message))
        {
            Unhandled(message);
        }
    }

    private bool OnLifecycleMessage(object message)
    {
        switch (message)
        {
            case SourceProtocol.Ready ready when _stage == Stage.Idle:
                OnReady(ready);
                return true;
            case SourceProtocol.NotReady notReady:
                OnUnavailable(LogOutage, notReady.Cause);
                RetryLater();
                return true;
            case SourceProtocol.Restart:
                PrepareRun();
                return true;
            case SourceProtocol.Stop:
                OnStop();
                return true;
            default:
                return message is SourceProtocol.Ensure; // Already running.
        }
    }

    private void Stopping(object message)
    {
        switch (message)
        {
            case SourceProtocol.Applied applied when applied.Run == _run:
                _status = _status with { NextOffset = applied.Read.NextOffset, Applied = _status.Applied + applied.Facts.Events };
                break;
            case SourceProtocol.RunEnded:
                _stage = Stage.Idle;
                CommitLast();
                break;
            case SourceProtocol.Described or SourceProtocol.DescribeFailed:
                _isDescribing = false;
                CommitLast();
                break;
            case SourceProtocol.Committed or SourceProtocol.CommitFailed:
                _isCommitting = false;
                CommitLast();
                break;
        }
    }

    private void OnStop()
    {
        _stopRequester = Sender;
        Timers.CancelAll();
        Become(Stopping);
        if (_stage != Stage.Idle)
        {
            _runStop.Cancel();
        }

        CommitLast();
    }
}
