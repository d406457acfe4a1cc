using Akka.Actor;
using Akka.Event;
using Akka.Streams;
using Streaming.Engine.Entities;
using Streaming.Features.Events;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>
/// Reads one partition and feeds its entities, in runs (<see cref="SourceRun"/>), one after the other. Each begins at the log's first
/// offset: entities hold no snapshots yet, so what they know is what this process has read. A gap, a lost entity, a failed event or
/// a fault ends a run; after a wait, longer each time until a run gets further than any before, the next one begins, in which
/// entities skip what they have applied. Which dead letters are written already is what was committed for those who judge as this
/// source does: events that other definitions or another build let pass, and that are bad by these, have none yet.
/// </summary>
internal sealed partial class PartitionSourceActor : UntypedActor, IWithTimers, IDisposable
{
    private const string LogOutage = "event log";
    private const string LookOutage = "end of the log";
    private const string RunOutage = "last run";
    private static readonly TimeSpan s_noteEvery = TimeSpan.FromMinutes(1);

    private readonly EngineContext _context;
    private readonly SourcePlan _plan;
    private readonly TopicPartition _partition;
    private readonly SourceParts _parts;
    private readonly Backoff _backoff;
    private readonly GroupOffset _consumed;
    private readonly GroupOffset _judged;
    private readonly KnownSchemas _schemas;
    private readonly SortedDictionary<string, Outage> _outages = new(StringComparer.Ordinal);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly IMaterializer _materializer = Context.Materializer();
    private readonly SourceNotices _notices;
    private readonly Freshness _freshness;
    private readonly CancellationTokenSource _life = new();
    private CancellationTokenSource _runStop = new();
    private DeliveryRun _run;
    private Stage _stage = Stage.Between;
    private DeadLetterLedger _ledger = DeadLetterLedger.Empty;
    private SourceProtocol.Ready? _ready;
    private PartitionStatus _status;
    private IActorRef? _stopAsker;
    private long _furthest;
    private long _losses;
    private long _whole;
    private long _unnoted;
    private long? _notedTicks;
    private bool _hasOwnLine;

    public PartitionSourceActor(EngineContext context, SourcePlan plan, int partition)
    {
        _context = context;
        _plan = plan;
        _partition = new TopicPartition(plan.Source.Name, partition);
        _backoff = new Backoff(context.Settings);
        _notices = new SourceNotices(context.Time);
        _freshness = new Freshness(context.Settings, context.Time);
        _consumed = new GroupOffset(context.Log, context.Settings.ConsumerGroup, _partition);
        _judged = new GroupOffset(context.Log, $"{context.Settings.ConsumerGroup}-judged-{plan.Fingerprint:x16}", _partition);
        _schemas = new KnownSchemas(context.Log, context.Settings.ConsumerGroup, _partition, context.Time);
        var schemas = new SchemaDecoders(plan, context, _schemas);
        _parts = new SourceParts(
            new ReadDecoder(plan, partition, schemas, context.Time),
            schemas,
            [.. plan.Feeds.Select(feed => new FeedRouter(
                feed, context.Entities[feed.Entity].Directory, context.RegionOf(feed.Entity.Name), context.Settings.DirectDelivery))]);
        _run = new DeliveryRun(Self, 0);
        _status = new PartitionStatus(_partition, 0, 0, EventTime.None, PartitionState.CatchingUp, null, 0, 0);
    }

    private enum Stage
    {
        /// <summary>Looking at the log, or waiting to.</summary>
        Between,

        /// <summary>A run reads and delivers.</summary>
        Running,

        /// <summary>A run was told to stop and has not ended yet.</summary>
        Ending,
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(EngineContext context, SourcePlan plan, int partition) =>
        Akka.Actor.Props.Create(() => new PartitionSourceActor(context, plan, partition));

    protected override void PreStart()
    {
        _context.Sources.Enter(_partition, Self);
        _context.Guard.Tell(new EngineGuard.Watch(Self, $"the source of {_partition}"));
        Post(_status);
        LookAtLog();
        Timers.StartPeriodicTimer(SourceProtocol.Tick.Instance, SourceProtocol.Tick.Instance, FirstTick(), _context.Settings.CommitInterval);
    }

    protected override void PostStop()
    {
        _runStop.Cancel();
        _life.Cancel();
        _context.Outages.Forget(_partition);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _runStop.Dispose();
        _life.Dispose();
    }

    protected override void OnReceive(object message)
    {
        if (!OnRunMessage(message) && !OnTickMessage(message) && !OnLifeMessage(message))
        {
            Unhandled(message);
        }
    }

    // What the run and the entities tell; of a run that was given up it says nothing any more.
    private bool OnRunMessage(object message)
    {
        switch (message)
        {
            case SourceProtocol.Applied applied when applied.Run == _run && _stage == Stage.Running:
                OnApplied(applied);
                return true;
            case SourceProtocol.DeadLettersWritten written:
                OnDeadLettersWritten(written);
                return true;
            case SourceProtocol.Outage outage when outage.Run == _run && _stage == Stage.Running:
                OnAway(outage.What, outage.Reason, outage.IsLogAway);
                return true;
            case SourceProtocol.OutageOver over when over.Run == _run && _stage == Stage.Running:
                OnBack(over.What);
                return true;
            case DeliveryGap gap when gap.Run == _run:
                EndRun($"{gap.Entity} has applied offset {gap.AppliedOffset} where {gap.PreviousOffset} was delivered");
                return true;
            case EntityLost lost:
                EndRun($"{lost.Entity} is gone with its state");
                return true;
            case DeliveryFailed failed:
                OnFailed(failed);
                return true;
            case SourceProtocol.RunEnded ended when ended.Run == _run:
                OnRunEnded(ended.Cause is AggregateException wrapped ? wrapped.GetBaseException() : ended.Cause);
                return true;
            default:
                return message is SourceProtocol.Applied or SourceProtocol.Outage or SourceProtocol.OutageOver or DeliveryGap;
        }
    }

    private bool OnLifeMessage(object message)
    {
        switch (message)
        {
            case SourceProtocol.Ready ready when _stage == Stage.Between:
                OnReady(ready);
                return true;
            case SourceProtocol.NotReady notReady:
                OnAway(LogOutage, notReady.Cause);
                RetryLater();
                return true;
            case SourceProtocol.Restart:
                LookAtLog();
                return true;
            case SourceProtocol.Stop:
                OnStop();
                return true;
            default:
                return message is SourceProtocol.Ensure; // it runs
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
                _stage = Stage.Between;
                CommitLast();
                break;
            case SourceProtocol.Looked or SourceProtocol.LookFailed:
                _isLooking = false;
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
        _stopAsker = Sender;
        Timers.CancelAll();
        Become(Stopping);
        if (_stage != Stage.Between)
        {
            _runStop.Cancel();
        }

        CommitLast();
    }
}
