using Akka.Actor;
using Akka.Event;
using Streaming.Contracts.Schemas;
using Streaming.Engine.Entities;
using Streaming.Features.Events;

namespace Streaming.Engine.Sources;

/// <content>Runs, one after the other: how each begins, what comes of it, why it ends.</content>
internal sealed partial class PartitionSourceActor
{
    private void LookAtLog() =>
        LookAsync(_ready?.TopicIdentity, _life.Token)
            .PipeTo(Self, success: ready => ready, failure: cause => new SourceProtocol.NotReady(cause));

    // A topic that was made anew may lack this partition: it is not looked at further.
    private async Task<SourceProtocol.Ready> LookAsync(string? knownIdentity, CancellationToken cancellation)
    {
        var topic = await _context.Log.DescribeTopicAsync(_partition.Topic, cancellation);
        return topic is not null && knownIdentity is not null && topic.Identity != knownIdentity
            ? new SourceProtocol.Ready(topic.Identity, 0, 0, 0)
            : new SourceProtocol.Ready(
                topic?.Identity ?? string.Empty,
                await _context.Log.BeginningOffsetAsync(_partition, cancellation),
                await _context.Log.EndOffsetAsync(_partition, cancellation),
                await _judged.ReadAsync(cancellation));
    }

    private void OnReady(SourceProtocol.Ready ready)
    {
        if (_ready is { } first && first.TopicIdentity != ready.TopicIdentity)
        {
            OnAway(
                LogOutage,
                $"{_partition.Topic} was deleted and made again since this node started: restart the node to build its features anew, or bring the old topic back",
                isLogAway: false);
            RetryLater();
            return;
        }

        if (_ready is null)
        {
            _ledger = _ledger.Written(ready.JudgedOffset, []);
        }

        _ready = ready;
        BeginRun(ready);
        NoticeGone(ready.BeginningOffset, "the log's retention took them before this node read them");
    }

    private void BeginRun(SourceProtocol.Ready ready)
    {
        _runStop.Dispose();
        _runStop = new CancellationTokenSource();
        _run = new DeliveryRun(Self, _run.Number + 1);
        _stage = Stage.Running;
        ForgetOutages();
        var losses = _context.Board.LossesOf(_partition);
        var isComplete = _status.IsComplete && losses == _losses;
        _whole = losses == _losses ? _whole : 0;
        _losses = losses;
        _freshness.BeginRun(ready.EndOffset);
        Post(_status with { NextOffset = ready.BeginningOffset, EndOffset = ready.EndOffset, IsComplete = isComplete });
        var run = _run;
        new SourceRun(_context, _partition, _parts, run, ready.BeginningOffset, _ledger, _furthest)
            .RunAsync(_materializer, _runStop.Token)
            .PipeTo(Self, success: () => new SourceProtocol.RunEnded(run, null), failure: cause => new SourceProtocol.RunEnded(run, cause));
    }

    private void OnApplied(SourceProtocol.Applied applied)
    {
        var (next, facts) = (applied.Read.NextOffset, applied.Facts);
        var isNew = next > _furthest;
        if (isNew)
        {
            _furthest = next;
            _backoff.Reset();
        }

        _whole = Math.Max(_whole, next);
        _freshness.Applied(next);
        NoticeAhead(facts);
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

    private void OnDeadLettersWritten(SourceProtocol.DeadLettersWritten written)
    {
        _ledger = _ledger.Written(written.UntilOffset, written.Poison);
        Post(_status with { DeadLettered = _status.DeadLettered + written.Count, Unexpected = _status.Unexpected + written.Unexpected });
        if (written.Unexpected > 0)
        {
            _log.Error("{0}: {1} events set aside for failures that nothing foresaw, the first {2}; please report it", _partition, written.Unexpected, written.First);
        }

        NoteDeadLetters(written);
    }

    // A line a minute at the most: a producer that went wrong must not fill the log.
    private void NoteDeadLetters(SourceProtocol.DeadLettersWritten written)
    {
        _unnoted += written.Count;
        if (_notedTicks is { } noted && _context.Time.GetElapsedTime(noted) < s_noteEvery)
        {
            return;
        }

        _log.Warning("{0}: set aside in the topic {1}: {2} events, the first of the last read {3}", _partition, EventSchemas.DeadLetters, _unnoted, written.First);
        (_unnoted, _notedTicks) = (0, _context.Time.GetTimestamp());
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
        Post(_status);
        _runStop.Cancel();
    }

    private void OnRunEnded(Exception? cause)
    {
        if (_stage == Stage.Running)
        {
            _log.Error(cause, "{0}: run {1} ended; reading again from the beginning", _partition, _run.Number);
            OnAway(RunOutage, cause?.Message ?? "the log ended", isLogAway: false);
        }

        _stage = Stage.Between;
        RetryLater();
    }

    private void RetryLater() => Timers.StartSingleTimer(SourceProtocol.Restart.Instance, SourceProtocol.Restart.Instance, _backoff.Next());
}
