using Akka.Actor;
using Akka.Event;
using Akka.Streams;
using Streaming.Engine.Deliveries;
using Streaming.Features.Events;

namespace Streaming.Engine.Sources;

/// <content>Runs, one after the other: how each begins, what it reports, why it ends.</content>
internal sealed partial class PartitionSourceActor
{
    private readonly IMaterializer _materializer = Context.Materializer();
    private CancellationTokenSource _runStop = new();
    private DeliveryRun _run;
    private Stage _stage = Stage.Idle;
    private DeadLetterLedger _ledger = DeadLetterLedger.Empty;
    private SourceProtocol.Ready? _ready;
    private long _furthestOffset;
    private long _losses;
    private long _completeUntil;

    private enum Stage
    {
        /// <summary>Preparing a run, or waiting to.</summary>
        Idle,

        /// <summary>A run reads and delivers.</summary>
        Running,

        /// <summary>A run has been cancelled and has not ended yet.</summary>
        Ending,
    }

    // Messages of runs that were given up are ignored, except those that hold for the next run too.
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
            case SourceProtocol.Unavailable outage when outage.Run == _run && _stage == Stage.Running:
                OnUnavailable(outage.Dependency, outage.Reason, outage.IsLogOutage);
                return true;
            case SourceProtocol.Recovered recovered when recovered.Run == _run && _stage == Stage.Running:
                OnRecovered(recovered.Dependency);
                return true;
            case DeliveryGap gap when gap.Run == _run:
                EndRun($"{gap.Entity} has applied offset {gap.AppliedOffset} where {gap.PreviousOffset} was delivered");
                return true;
            case EntityLost lost:
                EndRun($"{lost.Entity} has lost its state");
                return true;
            case DeliveryFailed failed:
                OnFailed(failed);
                return true;
            case SourceProtocol.RunEnded ended when ended.Run == _run:
                OnRunEnded(ended.Cause is AggregateException wrapped ? wrapped.GetBaseException() : ended.Cause);
                return true;
            default:
                return message is SourceProtocol.Applied or SourceProtocol.Unavailable or SourceProtocol.Recovered or DeliveryGap;
        }
    }

    private void PrepareRun() =>
        FindBoundsAsync(_ready?.TopicIdentity, _life.Token)
            .PipeTo(Self, success: ready => ready, failure: cause => new SourceProtocol.NotReady(cause));

    // A recreated topic may lack this partition, so its offsets are not asked for.
    private async Task<SourceProtocol.Ready> FindBoundsAsync(string? knownIdentity, CancellationToken cancellation)
    {
        var topic = await _eventLog.DescribeTopicAsync(_partition.Topic, cancellation);
        return topic is not null && knownIdentity is not null && topic.Identity != knownIdentity
            ? new SourceProtocol.Ready(topic.Identity, 0, 0, 0)
            : new SourceProtocol.Ready(
                topic?.Identity ?? string.Empty,
                await _eventLog.BeginningOffsetAsync(_partition, cancellation),
                await _eventLog.EndOffsetAsync(_partition, cancellation),
                await _offsets.ReadJudgedAsync(cancellation));
    }

    private void OnReady(SourceProtocol.Ready ready)
    {
        if (_ready is { } first && first.TopicIdentity != ready.TopicIdentity)
        {
            var reason = $"{_partition.Topic} was deleted and created again since this node started: "
                + "restart the node to rebuild its features, or restore the old topic";
            OnUnavailable(LogOutage, reason, isLogOutage: false);
            RetryLater();
            return;
        }

        if (_ready is null)
        {
            _ledger = _ledger.Written(ready.JudgedOffset, []);
        }

        _ready = ready;
        BeginRun(ready);
        _notices.Expired(ready.BeginningOffset, _completeUntil, "the log's retention took them before this node read them");
    }

    private void BeginRun(SourceProtocol.Ready ready)
    {
        _runStop.Dispose();
        _runStop = new CancellationTokenSource();
        _run = new DeliveryRun(Self, _run.Number + 1);
        _stage = Stage.Running;
        ClearOutages();
        var losses = _services.Board.LossesOf(_partition);
        var isComplete = _status.IsComplete && losses == _losses;
        _completeUntil = losses == _losses ? _completeUntil : 0;
        _losses = losses;
        _freshness.BeginRun(ready.EndOffset);
        Post(_status with { NextOffset = ready.BeginningOffset, EndOffset = ready.EndOffset, IsComplete = isComplete });
        var run = _run;
        new SourceRun(_parts, _partition, run, ready.BeginningOffset, _ledger, _furthestOffset)
            .RunAsync(_materializer, _runStop.Token)
            .PipeTo(
                Self,
                success: () => new SourceProtocol.RunEnded(run, null),
                failure: cause => new SourceProtocol.RunEnded(run, cause));
    }

    private void OnApplied(SourceProtocol.Applied applied)
    {
        var (next, facts) = (applied.Read.NextOffset, applied.Facts);
        var isNew = next > _furthestOffset;
        if (isNew)
        {
            _furthestOffset = next;
            _backoff.Reset();
        }

        _completeUntil = Math.Max(_completeUntil, next);
        _freshness.Applied(next);
        if (facts.Ahead > 0)
        {
            _notices.Ahead(facts.NewestEvent, _status.AheadOfClock + facts.Ahead);
        }

        Post(_status with
        {
            NextOffset = next,
            EndOffset = Math.Max(_status.EndOffset, next),
            Watermark = Later(_status.Watermark, facts.NewestEvent),
            NewestByClock = Later(_status.NewestByClock, facts.NewestByClock),
            NewestTimestamp = facts.NewestTimestamp == long.MinValue ? _status.NewestTimestamp : new EventTime(facts.NewestTimestamp),
            Applied = _status.Applied + facts.Events,
            Late = _status.Late + (isNew ? applied.Read.Late : 0),
            AheadOfClock = _status.AheadOfClock + facts.Ahead,
        });
    }

    private static EventTime Later(EventTime known, long millis) => millis > known.Millis ? new EventTime(millis) : known;

    private void EndRun(string reason)
    {
        if (_stage != Stage.Running)
        {
            return;
        }

        _log.Warning("{0}: {1}; reading again from the beginning", _partition, reason);
        _stage = Stage.Ending;
        Post(_status);
        _runStop.Cancel();
    }

    private void OnRunEnded(Exception? cause)
    {
        if (_stage == Stage.Running)
        {
            _log.Error(cause, "{0}: run {1} ended; reading again from the beginning", _partition, _run.Number);
            OnUnavailable(RunOutage, cause?.Message ?? "the log ended", isLogOutage: false);
        }

        _stage = Stage.Idle;
        RetryLater();
    }

    private void RetryLater() =>
        Timers.StartSingleTimer(SourceProtocol.Restart.Instance, SourceProtocol.Restart.Instance, _backoff.Next());
}
