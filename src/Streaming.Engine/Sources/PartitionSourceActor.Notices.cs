using Akka.Event;
using Streaming.Features.Events;
using Streaming.Hocon;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <content>What an operator should know although nothing is paused.</content>
internal sealed partial class PartitionSourceActor
{
    private long _gone;
    private long _aheadMost = long.MinValue;
    private (long End, long AtTicks)? _heldBack;

    /// <summary>
    /// Events that retention took before every entity had them. What was read before is in the entities and counts, however little the log
    /// still has; only what was lost with an entity is read again. Nothing waits for what is gone, so nothing is paused.
    /// </summary>
    private void NoticeGone(long beginningOffset, string why)
    {
        var from = Math.Max(_whole, _gone);
        if (beginningOffset <= from)
        {
            return;
        }

        _gone = beginningOffset;
        var kept = from == 0 ? $"features count from {beginningOffset} on" : $"features count what is before {from} and from {beginningOffset} on";
        var notice = $"{beginningOffset - from} offsets, {from} to {beginningOffset - 1}, are gone: {why}; {kept}";
        _log.Warning("{0}: {1}", _partition, notice);
        _notices.Set(SourceNotices.Retention, notice);
    }

    // Every transaction holds back for a moment; one that does so for longer than answers may be stale is told of.
    private void NoticeHeldBack(PartitionDescription there, long atTicks)
    {
        if (there.HeldBack == 0 || _heldBack?.End != there.End)
        {
            _heldBack = there.HeldBack == 0 ? null : (there.End, atTicks);
            _notices.Remove(SourceNotices.Transaction);
            return;
        }

        if (_context.Time.GetElapsedTime(_heldBack.Value.AtTicks, atTicks) > _context.Settings.StaleAfter)
        {
            var notice = $"{there.HeldBack} offsets from {there.End} on are held back by a transaction that is not ended, "
                + "with what others committed behind it; they are read once its producer ends it, or the broker does (transaction.timeout.ms)";
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

        _aheadMost = Math.Max(_aheadMost, facts.NewestEvent);
        var notice = $"{_status.AheadOfClock + facts.Ahead} events are more than {Duration.Format(_plan.FutureToleranceMillis)} "
            + $"(streaming.engine.future-tolerance) ahead of this node's clock, up to {new EventTime(_aheadMost)}: "
            + "a producer's clock is ahead; reads that name no time do not follow them";
        if (_notices.Set(SourceNotices.Clock, notice))
        {
            _log.Warning("{0}: {1}", _partition, notice);
        }
    }
}
