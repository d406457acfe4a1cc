using Akka.Event;
using Streaming.Features.Events;
using Streaming.Hocon;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <content>What an operator should know although nothing is paused.</content>
internal sealed partial class PartitionSourceActor
{
    private long _expiredUntil;
    private long _newestAhead = long.MinValue;
    private (long End, long AtTicks)? _heldBack;

    /// <summary>
    /// Events that retention deleted before every entity had them. Entities keep what they have applied, however little the log still
    /// has; only the events of a lost entity are read again. Nothing waits for deleted events, so nothing is paused.
    /// </summary>
    private void NoticeExpired(long beginningOffset, string why)
    {
        var from = Math.Max(_completeUntil, _expiredUntil);
        if (beginningOffset <= from)
        {
            return;
        }

        _expiredUntil = beginningOffset;
        var kept = from == 0
            ? $"features count from {beginningOffset} on"
            : $"features count what is before {from} and from {beginningOffset} on";
        var notice = $"{beginningOffset - from} offsets, {from} to {beginningOffset - 1}, are gone: {why}; {kept}";
        _log.Warning("{0}: {1}", _partition, notice);
        _notices.Set(SourceNotices.Retention, notice);
    }

    // Every transaction holds back events for a moment; only one that does so for longer than stale-after is reported.
    private void NoticeHeldBack(PartitionDescription partition, long atTicks)
    {
        if (partition.HeldBack == 0 || _heldBack?.End != partition.End)
        {
            _heldBack = partition.HeldBack == 0 ? null : (partition.End, atTicks);
            _notices.Remove(SourceNotices.Transaction);
            return;
        }

        if (_time.GetElapsedTime(_heldBack.Value.AtTicks, atTicks) > _settings.StaleAfter)
        {
            var notice = $"{partition.HeldBack} offsets from {partition.End} on are held back by an open transaction, also events that "
                + "other producers committed; they are read once its producer or the broker (transaction.timeout.ms) ends it";
            if (_notices.Set(SourceNotices.Transaction, notice))
            {
                _log.Warning("{0}: {1}", _partition, notice);
            }
        }
    }

    private void NoticeAhead(in ReadFacts facts)
    {
        if (facts.Ahead == 0)
        {
            return;
        }

        _newestAhead = Math.Max(_newestAhead, facts.NewestEvent);
        var notice = $"{_status.AheadOfClock + facts.Ahead} events are more than {Duration.Format(_plan.FutureToleranceMillis)} "
            + $"(streaming.engine.future-tolerance) ahead of this node's clock, up to {new EventTime(_newestAhead)}: "
            + "a producer's clock is ahead; reads that name no time do not follow them";
        if (_notices.Set(SourceNotices.Clock, notice))
        {
            _log.Warning("{0}: {1}", _partition, notice);
        }
    }
}
