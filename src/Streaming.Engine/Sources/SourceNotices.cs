using Akka.Event;
using Streaming.Features.Events;
using Streaming.Hocon;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>
/// What an operator should know of a partition although nothing is paused: one text for each matter, with the time of the newest. The
/// first text of a matter is logged too. Used by one source.
/// </summary>
internal sealed class SourceNotices(
    TopicPartition partition, TimeSpan staleAfter, long clockLeadMillis, ILoggingAdapter log, TimeProvider time)
{
    private const string Retention = "retention";
    private const string Clock = "clock";
    private const string Transaction = "transaction";
    private const string Commit = "commit";
    private const string History = "short history";

    private readonly SortedDictionary<string, (string Text, DateTimeOffset At)> _notices = new(StringComparer.Ordinal);
    private long _expiredUntil;
    private long _newestAhead = long.MinValue;
    private (long End, long AtTicks)? _heldBack;

    /// <summary>All texts; null when there is none.</summary>
    public string? Text => _notices.Count == 0 ? null : string.Join("; ", _notices.Values.Select(notice => notice.Text));

    /// <summary>When the newest was made; null when there is none.</summary>
    public DateTimeOffset? At => _notices.Count == 0 ? null : _notices.Values.Max(notice => notice.At);

    /// <summary>
    /// Events that retention deleted before every entity had them. Entities keep what they have applied, however little the log still
    /// has; only the events of a lost entity are read again. Nothing waits for deleted events, so nothing is paused.
    /// </summary>
    /// <param name="beginningOffset">The first retained offset.</param>
    /// <param name="completeUntil">The offset before which every entity has all events.</param>
    /// <param name="why">The cause.</param>
    public void Expired(long beginningOffset, long completeUntil, string why)
    {
        var from = Math.Max(completeUntil, _expiredUntil);
        if (beginningOffset <= from)
        {
            return;
        }

        _expiredUntil = beginningOffset;
        var kept = from == 0
            ? $"features count from {beginningOffset} on"
            : $"features count what is before {from} and from {beginningOffset} on";
        var notice = $"{beginningOffset - from} offsets, {from} to {beginningOffset - 1}, are gone: {why}; {kept}";
        log.Warning("{0}: {1}", partition, notice);
        _notices[Retention] = (notice, time.GetUtcNow());
    }

    /// <summary>Features were built from too little of the log: what is before a time is missing. None ends it.</summary>
    public void HistoryFrom(EventTime from, SourceHistory history)
    {
        if (from == EventTime.None)
        {
            _notices.Remove(History);
        }
        else if (!_notices.ContainsKey(History))
        {
            var need = history.SpanMillis == long.MaxValue
                ? "counts all events there ever were"
                : $"looks back {Duration.Format(history.SpanMillis)}, and is complete once events after "
                    + $"{new EventTime(from.Millis + history.SpanMillis)} are read";
            Set(
                History,
                $"features were built without snapshots from a log that begins at {from}, too late for them: view {history.View} {need}");
        }
    }

    /// <summary>
    /// Events that an open transaction holds back for longer than <c>stale-after</c>; every transaction does so for a moment.
    /// </summary>
    public void HeldBack(PartitionDescription described, long atTicks)
    {
        if (described.HeldBack == 0 || _heldBack?.End != described.End)
        {
            _heldBack = described.HeldBack == 0 ? null : (described.End, atTicks);
            _notices.Remove(Transaction);
        }
        else if (time.GetElapsedTime(_heldBack.Value.AtTicks, atTicks) > staleAfter)
        {
            Set(
                Transaction,
                $"{Counted.Of(described.HeldBack, "offset")} from {described.End} on {Counted.Are(described.HeldBack)} held back by "
                + "an open transaction, also events that other producers committed; they are read once its producer or the broker "
                + "(transaction.timeout.ms) ends it");
        }
    }

    /// <summary>Events that are ahead of this node's clock.</summary>
    /// <param name="newestMillis">The newest event time of the last read.</param>
    /// <param name="count">All such events since the start.</param>
    public void Ahead(long newestMillis, long count)
    {
        _newestAhead = Math.Max(_newestAhead, newestMillis);
        Set(
            Clock,
            $"{Counted.Of(count, "event")} {Counted.Are(count)} more than {Duration.Format(clockLeadMillis)} "
            + $"ahead of this node's clock, up to {new EventTime(_newestAhead)}: "
            + "a producer's clock is ahead; reads that name no time do not follow them");
    }

    /// <summary>Commits fail.</summary>
    public void CommitsFail(Exception cause) => Set(
        Commit, $"its offsets are not committed, for lag tools and the next start: {cause.Message}; features do not depend on it");

    /// <summary>A commit succeeded; false when none had failed.</summary>
    public bool Committed()
    {
        if (!_notices.Remove(Commit))
        {
            return false;
        }

        log.Warning("{0}: its offsets are committed again", partition);
        return true;
    }

    private void Set(string matter, string text)
    {
        if (!_notices.ContainsKey(matter))
        {
            log.Warning("{0}: {1}", partition, text);
        }

        _notices[matter] = (text, time.GetUtcNow());
    }
}
