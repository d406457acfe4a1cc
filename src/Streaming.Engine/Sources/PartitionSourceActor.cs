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
/// entities skip what they have applied. The committed offset says which dead letters are written already.
/// </summary>
internal sealed class PartitionSourceActor : UntypedActor, IWithTimers, IDisposable
{
    private readonly EngineContext _context;
    private readonly SourcePlan _plan;
    private readonly TopicPartition _partition;
    private readonly SourceParts _parts;
    private readonly Backoff _backoff;
    private readonly SortedDictionary<string, string> _outages = new(StringComparer.Ordinal);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly IMaterializer _materializer = Context.Materializer();
    private readonly CancellationTokenSource _life = new();
    private CancellationTokenSource _runStop = new();
    private DeliveryRun _run;
    private Stage _stage = Stage.Between;
    private DeadLetterLedger _ledger = DeadLetterLedger.Empty;
    private SourceProtocol.Ready? _ready;
    private PartitionStatus _status;
    private IActorRef? _stopAsker;
    private long _furthest;
    private long _committed = -1;
    private bool _isTicking;

    public PartitionSourceActor(EngineContext context, SourcePlan plan, int partition)
    {
        _context = context;
        _plan = plan;
        _partition = new TopicPartition(plan.Source.Name, partition);
        _backoff = new Backoff(context.Settings);
        var schemas = new SchemaDecoders(plan, context.Registry);
        _parts = new SourceParts(
            new ReadDecoder(plan, partition, schemas),
            schemas,
            [.. plan.Feeds.Select(feed => new FeedRouter(
                feed, context.Directories[feed.Entity.Name], context.RegionOf(feed.Entity.Name), context.Settings.DirectDelivery))]);
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
        Post(_status);
        LookAtLog();
        Timers.StartPeriodicTimer(SourceProtocol.Tick.Instance, SourceProtocol.Tick.Instance, _context.Settings.CommitInterval);
    }

    protected override void PostStop()
    {
        _runStop.Cancel();
        _life.Cancel();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _runStop.Dispose();
        _life.Dispose();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SourceProtocol.Applied applied when applied.Run == _run && _stage == Stage.Running:
                OnApplied(applied);
                break;
            case SourceProtocol.DeadLettersWritten written:
                OnDeadLettersWritten(written);
                break;
            case SourceProtocol.Outage outage when outage.Run == _run && _stage == Stage.Running:
                OnOutage(outage.What, outage.Reason);
                break;
            case DeliveryGap gap when gap.Run == _run:
                EndRun($"{gap.Entity} has applied offset {gap.AppliedOffset} where {gap.PreviousOffset} was delivered");
                break;
            case EntityLost lost:
                EndRun($"{lost.Entity} is gone with its state");
                break;
            case DeliveryFailed failed:
                OnFailed(failed);
                break;
            case SourceProtocol.RunEnded ended when ended.Run == _run:
                OnRunEnded(ended.Cause is AggregateException wrapped ? wrapped.GetBaseException() : ended.Cause);
                break;
            case SourceProtocol.Tick:
                OnTick();
                break;
            case SourceProtocol.Ticked ticked:
                OnTicked(ticked);
                break;
            case SourceProtocol.TickFailed failed:
                _isTicking = false;
                _log.Warning("{0}: commit or look at the log's end failed, tried again in {1}: {2}", _partition, _context.Settings.CommitInterval, failed.Cause.Message);
                break;
            case SourceProtocol.Ready ready when _stage == Stage.Between:
                OnReady(ready);
                break;
            case SourceProtocol.NotReady notReady:
                OnOutage("event log", notReady.Cause.Message);
                RetryLater();
                break;
            case SourceProtocol.Restart:
                LookAtLog();
                break;
            case SourceProtocol.Stop:
                OnStop();
                break;
            case SourceProtocol.Ensure or SourceProtocol.Applied or SourceProtocol.Outage or DeliveryGap:
                break; // it runs, or the message is of a run that was given up
            default:
                Unhandled(message);
                break;
        }
    }

    private void Stopping(object message)
    {
        switch (message)
        {
            case SourceProtocol.Applied applied when applied.Run == _run:
                _status = _status with { NextOffset = applied.Read.NextOffset };
                break;
            case SourceProtocol.RunEnded:
                _stage = Stage.Between;
                CommitLast();
                break;
            case SourceProtocol.Ticked or SourceProtocol.TickFailed:
                _isTicking = false;
                _committed = message is SourceProtocol.Ticked ticked ? ticked.Committed : _committed;
                CommitLast();
                break;
        }
    }

    private void LookAtLog() =>
        LookAsync(_context.Log, _partition, _context.Settings.ConsumerGroup, _life.Token)
            .PipeTo(Self, success: ready => ready, failure: cause => new SourceProtocol.NotReady(cause));

    private static async Task<SourceProtocol.Ready> LookAsync(IEventLog log, TopicPartition partition, string group, CancellationToken cancellation) => new(
        (await log.DescribeTopicAsync(partition.Topic, cancellation))?.Identity ?? string.Empty,
        await log.BeginningOffsetAsync(partition, cancellation),
        await log.EndOffsetAsync(partition, cancellation),
        await log.CommittedOffsetAsync(group, partition, cancellation) ?? 0);

    private void OnReady(SourceProtocol.Ready ready)
    {
        if (_ready is { } first && first.TopicIdentity != ready.TopicIdentity)
        {
            OnOutage("event log", $"{_partition.Topic} was deleted and made again since this node started: restart the node to build its features anew, or bring the old topic back");
            RetryLater();
            return;
        }

        if (_ready is null)
        {
            // An offset beyond the end is of another life of the topic and says nothing about this one.
            _committed = ready.CommittedOffset <= ready.EndOffset ? ready.CommittedOffset : 0;
            _ledger = _ledger.Written(_committed, []);
        }

        _ready = ready;
        BeginRun(ready);
    }

    private void BeginRun(SourceProtocol.Ready ready)
    {
        _runStop.Dispose();
        _runStop = new CancellationTokenSource();
        _run = new DeliveryRun(Self, _run.Number + 1);
        _stage = Stage.Running;
        _outages.Clear();
        Post(_status with { NextOffset = ready.BeginningOffset, EndOffset = ready.EndOffset, State = PartitionState.CatchingUp, Reason = null });
        GoLiveAtEnd();
        var run = _run;
        new SourceRun(_context, _partition, _parts, run, ready.BeginningOffset, _ledger)
            .RunAsync(_materializer, _runStop.Token)
            .PipeTo(Self, success: () => new SourceProtocol.RunEnded(run, null), failure: cause => new SourceProtocol.RunEnded(run, cause));
    }

    private void OnApplied(SourceProtocol.Applied applied)
    {
        if (applied.Read.NextOffset > _furthest)
        {
            _furthest = applied.Read.NextOffset;
            _backoff.Reset();
        }

        Post(_status with
        {
            NextOffset = applied.Read.NextOffset,
            EndOffset = Math.Max(_status.EndOffset, applied.Read.NextOffset),
            Watermark = new EventTime(applied.WatermarkMillis),
            Applied = _status.Applied + applied.Read.Applied,
        });
        GoLiveAtEnd();
    }

    private void OnDeadLettersWritten(SourceProtocol.DeadLettersWritten written)
    {
        _ledger = _ledger.Written(written.UntilOffset, written.Poison);
        Post(_status with { DeadLettered = _status.DeadLettered + written.Count });
    }

    private void GoLiveAtEnd()
    {
        if (_status.State == PartitionState.CatchingUp && _status.NextOffset >= _ready!.EndOffset)
        {
            Post(_status with { State = PartitionState.Live });
        }
    }

    private void OnOutage(string what, string? reason)
    {
        if (reason is null)
        {
            _outages.Remove(what);
        }
        else
        {
            _outages[what] = reason;
        }

        if (_outages.Count == 0)
        {
            Post(_status with { State = PartitionState.CatchingUp, Reason = null });
            GoLiveAtEnd();
            return;
        }

        var reasons = string.Join("; ", _outages.Select(outage => $"{outage.Key}: {outage.Value}"));
        if (_status.Reason != reasons)
        {
            _log.Error("{0} is paused, nothing is dropped: {1}", _partition, reasons);
            Post(_status with { State = PartitionState.Paused, Reason = reasons });
        }
    }

    // Deliveries of a run that was given up may fail as well: what they tell is true of the next run.
    private void OnFailed(DeliveryFailed failed)
    {
        _log.Error(failed.Cause, "{0}: the event at offset {1} made {2} fail; it becomes a dead letter", _partition, failed.Offset, failed.Entity);
        _ledger = _ledger.Failed(failed.Offset, _plan.Feeds.IndexOf(failed.Feed), $"{failed.Entity}: {failed.Cause.GetType().Name}: {failed.Cause.Message}");
        EndRun($"the event at offset {failed.Offset} made {failed.Entity} fail");
    }

    private void EndRun(string reason)
    {
        if (_stage != Stage.Running)
        {
            return;
        }

        _log.Warning("{0}: {1}; reading again from the beginning", _partition, reason);
        _stage = Stage.Ending;
        Post(_status with { State = PartitionState.CatchingUp, Reason = null });
        _runStop.Cancel();
    }

    private void OnRunEnded(Exception? cause)
    {
        if (_stage == Stage.Running)
        {
            _log.Error(cause, "{0}: run {1} ended; reading again from the beginning", _partition, _run.Number);
            Post(_status with { State = PartitionState.Paused, Reason = cause?.Message ?? "the log ended" });
        }

        _stage = Stage.Between;
        RetryLater();
    }

    private void RetryLater() => Timers.StartSingleTimer(SourceProtocol.Restart.Instance, SourceProtocol.Restart.Instance, _backoff.Next());

    // One at a time: commits that overtake each other would take the offset back.
    private void OnTick()
    {
        if (_ready is not null && !_isTicking)
        {
            _isTicking = true;
            TickAsync(_status.NextOffset, _life.Token)
                .PipeTo(Self, success: ticked => ticked, failure: cause => new SourceProtocol.TickFailed(cause));
        }
    }

    // A run that reads again is behind what is committed; a commit never goes back.
    private async Task<SourceProtocol.Ticked> TickAsync(long nextOffset, CancellationToken cancellation)
    {
        var committed = Math.Max(_committed, nextOffset);
        if (committed > _committed)
        {
            await _context.Log.CommitAsync(_context.Settings.ConsumerGroup, _partition, committed, cancellation);
        }

        return new SourceProtocol.Ticked(committed, await _context.Log.EndOffsetAsync(_partition, cancellation));
    }

    private void OnTicked(SourceProtocol.Ticked ticked)
    {
        _isTicking = false;
        _committed = ticked.Committed;
        Post(_status with { EndOffset = Math.Max(ticked.EndOffset, _status.NextOffset) });
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

    private void CommitLast()
    {
        if (_stage == Stage.Between && !_isTicking)
        {
            (_ready is null ? Task.CompletedTask : TickAsync(_status.NextOffset, _life.Token))
                .PipeTo(_stopAsker!, success: () => SourceProtocol.Stopped.Instance, failure: _ => SourceProtocol.Stopped.Instance);
        }
    }

    private void Post(PartitionStatus status)
    {
        _status = status;
        _context.Board.Post(status);
    }
}
