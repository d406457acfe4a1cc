using Akka.Actor;
using Akka.Event;
using Akka.Streams;
using Akka.Streams.Dsl;
using Streaming.Engine.Entities;
using Streaming.Features.Events;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>
/// Reads one partition and feeds its entities, in runs (<see cref="SourceRun"/>). It begins at the log's first offset: entities hold
/// no snapshots yet, so what they know is what this process has read. A gap, a failed event or a time-out begins a new run, in
/// which entities skip what they have applied. The committed offset says which dead letters are written already.
/// </summary>
internal sealed class PartitionSourceActor : UntypedActor, IWithTimers, IDisposable
{
    private readonly EngineContext _context;
    private readonly SourcePlan _plan;
    private readonly TopicPartition _partition;
    private readonly SourceParts _parts;
    private readonly Dictionary<long, string> _poison = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly IMaterializer _materializer = Context.Materializer();
    private CancellationTokenSource _stop = new();
    private DeliveryRun _run;
    private SourceProtocol.Ready? _ready;
    private PartitionStatus _status;
    private TimeSpan _backoff;
    private long _committed;
    private long _deadLettersFrom;

    public PartitionSourceActor(EngineContext context, SourcePlan plan, int partition)
    {
        _context = context;
        _plan = plan;
        _partition = new TopicPartition(plan.Source.Name, partition);
        var schemas = new SchemaDecoders(plan, context.Registry);
        _parts = new SourceParts(
            new ReadDecoder(plan, partition, schemas),
            schemas,
            [.. plan.Feeds.Select(feed => new FeedRouter(
                feed, context.Directories[feed.Entity.Name], context.RegionOf(feed.Entity.Name), context.Settings.DirectDelivery))],
            _poison);
        _run = new DeliveryRun(Self, 0);
        _backoff = context.Settings.RetryBackoff;
        _status = new PartitionStatus(_partition, 0, 0, EventTime.None, PartitionState.CatchingUp, null, 0, 0);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(EngineContext context, SourcePlan plan, int partition) =>
        Akka.Actor.Props.Create(() => new PartitionSourceActor(context, plan, partition));

    protected override void PreStart()
    {
        Post(_status);
        LookAtLog();
        Timers.StartPeriodicTimer(SourceProtocol.Tick.Instance, SourceProtocol.Tick.Instance, _context.Settings.CommitInterval);
    }

    protected override void PostStop() => _stop.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SourceProtocol.Applied applied when applied.Run == _run.Number:
                OnApplied(applied);
                break;
            case SourceProtocol.Tick:
                OnTick();
                break;
            case SourceProtocol.EndSeen seen:
                Post(_status with { EndOffset = seen.EndOffset });
                break;
            case SourceProtocol.Outage outage when outage.Run == _run.Number:
                OnOutage(outage.Reason);
                break;
            case DeliveryGap gap when gap.Run == _run:
                _log.Warning("{0}: {1} has applied offset {2} where {3} was delivered; reading again from the beginning", _partition, gap.Entity, gap.AppliedOffset, gap.PreviousOffset);
                BeginRun();
                break;
            case DeliveryFailed failed when failed.Run == _run:
                OnFailed(failed);
                break;
            case SourceProtocol.RunEnded ended when ended.Run == _run.Number:
                OnRunEnded(ended.Cause);
                break;
            case SourceProtocol.Ready ready:
                OnReady(ready);
                break;
            case SourceProtocol.NotReady notReady:
                OnOutage(notReady.Cause.Message);
                RetryLater();
                break;
            case SourceProtocol.Restart when _ready is null:
                LookAtLog();
                break;
            case SourceProtocol.Restart:
                BeginRun();
                break;
            case SourceProtocol.TickFailed failed:
                _log.Warning("{0}: commit or look at the log's end failed, tried again in {1}: {2}", _partition, _context.Settings.CommitInterval, failed.Cause.Message);
                break;
            case SourceProtocol.Ensure or SourceProtocol.Applied or SourceProtocol.RunEnded or SourceProtocol.Outage or DeliveryGap or DeliveryFailed:
                break; // it runs, or the message is of a run that was given up
            default:
                Unhandled(message);
                break;
        }
    }

    private void OnReady(SourceProtocol.Ready ready)
    {
        _ready = ready;
        _committed = ready.CommittedOffset;
        _deadLettersFrom = ready.CommittedOffset;
        _status = _status with { NextOffset = ready.BeginningOffset, EndOffset = ready.EndOffset };
        BeginRun();
    }

    private void BeginRun()
    {
        _stop.Cancel();
        _stop.Dispose();
        _stop = new CancellationTokenSource();
        _run = new DeliveryRun(Self, _run.Number + 1);
        Post(_status with { NextOffset = _ready!.BeginningOffset, State = PartitionState.CatchingUp, Reason = null });
        GoLiveAtEnd();
        var run = new SourceRun(_context, _partition, _parts, _run, _ready.BeginningOffset, _deadLettersFrom, _stop.Token);
        var (number, self) = (_run.Number, Self);
        run.Reads()
            .RunWith(Sink.ForEach<SourceProtocol.Applied>(applied => self.Tell(applied)), _materializer)
            .PipeTo(self, success: () => new SourceProtocol.RunEnded(number, null), failure: cause => new SourceProtocol.RunEnded(number, cause));
    }

    private void OnApplied(SourceProtocol.Applied applied)
    {
        _backoff = _context.Settings.RetryBackoff;
        _deadLettersFrom = Math.Max(_deadLettersFrom, applied.Read.NextOffset);
        Post(_status with
        {
            NextOffset = applied.Read.NextOffset,
            EndOffset = Math.Max(_status.EndOffset, applied.Read.NextOffset),
            Watermark = new EventTime(applied.WatermarkMillis),
            Applied = _status.Applied + applied.Read.Applied,
            DeadLettered = _status.DeadLettered + applied.Read.DeadLetters,
        });
        GoLiveAtEnd();
    }

    private void GoLiveAtEnd()
    {
        if (_status.State == PartitionState.CatchingUp && _status.NextOffset >= _ready!.EndOffset)
        {
            Post(_status with { State = PartitionState.Live });
        }
    }

    private void OnOutage(string? reason)
    {
        if (reason is null)
        {
            Post(_status with { State = PartitionState.CatchingUp, Reason = null });
            GoLiveAtEnd();
        }
        else if (_status.State != PartitionState.Paused || _status.Reason != reason)
        {
            _log.Error("{0} is paused, nothing is dropped: {1}", _partition, reason);
            Post(_status with { State = PartitionState.Paused, Reason = reason });
        }
    }

    private void OnFailed(DeliveryFailed failed)
    {
        _log.Error(failed.Cause, "{0}: the event at offset {1} made {2} fail; it becomes a dead letter", _partition, failed.Offset, failed.Entity);
        _poison[failed.Offset] = $"{failed.Entity}: {failed.Cause.GetType().Name}: {failed.Cause.Message}";
        _deadLettersFrom = Math.Min(_deadLettersFrom, failed.Offset);
        BeginRun();
    }

    private void OnRunEnded(Exception? cause)
    {
        _log.Error(cause, "{0}: run {1} ended; reading again from the beginning in {2}", _partition, _run.Number, _backoff);
        Post(_status with { State = PartitionState.Paused, Reason = cause?.Message ?? "the log ended" });
        RetryLater();
    }

    private void RetryLater()
    {
        Timers.StartSingleTimer(SourceProtocol.Restart.Instance, SourceProtocol.Restart.Instance, _backoff);
        _backoff = _backoff + _backoff < _context.Settings.RetryBackoffMax ? _backoff + _backoff : _context.Settings.RetryBackoffMax;
    }

    private void OnTick()
    {
        if (_ready is null)
        {
            return;
        }

        // A run that reads again is behind what is committed; a commit never goes back.
        _committed = Math.Max(_committed, _status.NextOffset);
        TickAsync(_status.NextOffset >= _committed ? _committed : null)
            .PipeTo(Self, success: end => new SourceProtocol.EndSeen(end), failure: cause => new SourceProtocol.TickFailed(cause));
    }

    private async Task<long> TickAsync(long? commit)
    {
        if (commit is { } nextOffset)
        {
            await _context.Log.CommitAsync(_context.Settings.ConsumerGroup, _partition, nextOffset, _stop.Token);
        }

        return await _context.Log.EndOffsetAsync(_partition, _stop.Token);
    }

    private void LookAtLog() =>
        LookAsync(_context.Log, _partition, _context.Settings.ConsumerGroup, _stop.Token)
            .PipeTo(Self, success: ready => ready, failure: cause => new SourceProtocol.NotReady(cause));

    private static async Task<SourceProtocol.Ready> LookAsync(IEventLog log, TopicPartition partition, string group, CancellationToken cancellation) => new(
        await log.BeginningOffsetAsync(partition, cancellation),
        await log.EndOffsetAsync(partition, cancellation),
        await log.CommittedOffsetAsync(group, partition, cancellation) ?? 0);

    private void Post(PartitionStatus status)
    {
        _status = status;
        _context.Board.Post(status);
    }
}
