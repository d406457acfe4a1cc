using Akka.Event;
using Streaming.Engine.Checkpoints;
using Streaming.Features.Events;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>The status of a source's partition: what the source reports here becomes one status, which is posted on the board.</summary>
internal sealed class SourceStatus(
    TopicPartition partition, SourcePlan plan, EngineSettings settings, SourceServices services, ILoggingAdapter log, TimeProvider time)
{
    private readonly SourceNotices _notices = new(partition, settings.StaleAfter, plan.ClockLeadMillis, log, time);
    private readonly SourceOutages _outages = new(partition, services.Outages, log);
    private readonly SourceHistory _history = new(plan);
    private readonly Freshness _freshness = new(settings, time);
    private PartitionStatus _status = new(partition, 0, 0, EventTime.None, PartitionState.CatchingUp, null, 0, 0);
    private long? _runEnd;
    private long _losses;
    private RunBasis _basis = RunBasis.None;
    private long _completeUntil;

    /// <summary>The offset before which all is applied.</summary>
    public long NextOffset => _status.NextOffset;

    /// <summary>Where the history begins that the state was built from; null where windows lack nothing.</summary>
    public long? HistoryFrom => _status.HistoryFrom == EventTime.None ? null : _status.HistoryFrom.Millis;

    /// <summary>Posts again: the passing of time alone may make the partition stale.</summary>
    public void Post() => Post(_status);

    /// <summary>Posts the restart point.</summary>
    public void Restart(PartitionMark? restart) => Post(_status with { RestartOffset = restart?.Offset ?? 0 });

    /// <summary>A run begins.</summary>
    /// <param name="bounds">The log's bounds.</param>
    /// <param name="start">Where the run begins.</param>
    /// <param name="restart">The restart point; null for the log's beginning.</param>
    /// <param name="repairs">
    /// The losses of entities that the run repairs, noted before the restart point, and the shards as they were then.
    /// </param>
    public void BeginRun(SourceProtocol.Ready bounds, RunStart start, PartitionMark? restart, (long Losses, RunBasis Basis) repairs)
    {
        var losses = repairs.Losses;
        _outages.Clear();
        var isComplete = _status.IsComplete && losses == _losses;
        _completeUntil = Math.Max(losses == _losses ? _completeUntil : 0, restart?.Offset ?? 0);
        (_runEnd, _losses, _basis) = (bounds.EndOffset, losses, repairs.Basis);
        _freshness.BeginRun(bounds.EndOffset);
        _notices.Expired(
            bounds.BeginsAt, 0, "state was built from there on (streaming replay), and windows that reach further back lack them");
        if (bounds.Ledger is { } ledger)
        {
            _history.Restore(ledger.HistoryFrom);
        }

        if (bounds.BeginningOffset > _completeUntil)
        {
            _history.BeginsAt(bounds.BeginningTime);
        }

        _notices.Expired(bounds.BeginningOffset, _completeUntil, "the log's retention took them before this node read them");
        Post(_status with
        {
            NextOffset = start.Offset,
            EndOffset = bounds.EndOffset,
            IsComplete = isComplete,
            Watermark = Later(_status.Watermark, restart?.WatermarkMillis ?? long.MinValue),
            NewestByClock = Later(_status.NewestByClock, restart?.NewestByClockMillis ?? long.MinValue),
        });
    }

    /// <summary>The run no longer reads.</summary>
    public void EndRun()
    {
        _runEnd = null;
        Post();
    }

    /// <summary>The run has failed. A late delivery fails nowhere in the code: the pause says all of it.</summary>
    public void RunFailed(string outage, Exception? cause)
    {
        if (cause is not TimeoutException)
        {
            log.Error(cause, "{0}: its run ended; reading again from the restart point", partition);
        }

        Unavailable(outage, cause?.Message ?? "the log ended", isLogOutage: false);
        EndRun();
    }

    /// <summary>A read is applied.</summary>
    /// <param name="read">The read.</param>
    /// <param name="isNew">Whether no run had applied it.</param>
    public void Applied(SourceProtocol.Applied read, bool isNew)
    {
        var (next, facts) = (read.Read.NextOffset, read.Facts);
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
            Late = _status.Late + (isNew ? read.Read.Late : 0),
            Duplicates = _status.Duplicates + (isNew ? read.Read.Duplicates : 0),
            AheadOfClock = _status.AheadOfClock + facts.Ahead,
        });
    }

    /// <summary>The log has described the partition.</summary>
    public void Described(PartitionDescription described, long atTicks)
    {
        if (_runEnd is not null && NextOffset < described.End)
        {
            _notices.Expired(described.Beginning, _completeUntil, "the log's retention overtook this node");
        }

        _freshness.Described(described, NextOffset, atTicks);
        _notices.HeldBack(described, atTicks);
        Post(_status with { EndOffset = Math.Max(described.End, NextOffset), HeldBack = described.HeldBack });
    }

    /// <summary>Dead letters are written.</summary>
    public void DeadLettersWritten(int count, int unexpected) => Post(_status with
    {
        DeadLettered = _status.DeadLettered + count,
        Unexpected = _status.Unexpected + unexpected,
    });

    /// <summary>A commit succeeded.</summary>
    public void Committed()
    {
        if (_notices.Committed())
        {
            Post();
        }
    }

    /// <summary>A commit failed. A single failure may be an outage of the whole log, which the next tick reports as that.</summary>
    public void CommitFailed(Exception cause, bool isRepeated)
    {
        _status = _status with { CommitFailures = _status.CommitFailures + 1 };
        if (isRepeated)
        {
            _notices.CommitsFail(cause);
            Post();
        }
    }

    /// <summary>A dependency is unavailable; see <see cref="SourceOutages"/>.</summary>
    public void Unavailable(string dependency, string reason, bool isLogOutage)
    {
        _outages.Begin(dependency, reason, isLogOutage);
        Post();
    }

    /// <inheritdoc cref="Unavailable(string, string, bool)"/>
    public void Unavailable(string dependency, Exception cause) =>
        Unavailable(dependency, cause.Message, cause is EventLogException { Retriable: true });

    /// <summary>A dependency is available.</summary>
    public void Recovered(string dependency)
    {
        _outages.End(dependency);
        Post();
    }

    /// <summary>The source has ended: until there is another one, the partition is not read.</summary>
    public void End()
    {
        _outages.Forget();
        EndRun();
        if (!services.Directory.IsStopping && services.Board.Fault is null)
        {
            log.Warning("{0}: its source has stopped; it is started again, from the restart point", partition);
        }
    }

    private static EventTime Later(EventTime known, long millis) => millis > known.Millis ? new EventTime(millis) : known;

    private void Post(PartitionStatus status)
    {
        var reasons = _outages.Reasons;
        var isComplete = status.IsComplete || (_runEnd is { } end && status.NextOffset >= end);
        var missing = _history.MissingBefore(status.Watermark);
        _notices.HistoryFrom(isComplete ? missing : EventTime.None, _history);
        _status = status with
        {
            HistoryFrom = missing,
            State = reasons is not null ? PartitionState.Paused
                : _runEnd is not null && _freshness.IsFresh(status.NextOffset) ? PartitionState.Live
                : PartitionState.CatchingUp,
            IsComplete = isComplete,
            Notice = _notices.Text,
            NoticedAt = _notices.At,
            Reason = reasons,
            PausedSince = reasons is null ? null : status.PausedSince ?? time.GetUtcNow(),
        };
        services.Board.Post(_status, _losses, _basis);
    }
}
