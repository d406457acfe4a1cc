using Akka.Actor;
using Akka.Event;

namespace Streaming.Engine.Sources;

/// <content>The tick: commits, the log's end, and what retention took.</content>
internal sealed partial class PartitionSourceActor
{
    private long _gone;

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

    /// <summary>
    /// A run that reads again is behind what is committed, and so may this node be behind another that reads the same log for the
    /// same group: a commit never goes back. Only an offset beyond the end, of another life of the topic, counts for nothing.
    /// </summary>
    private async Task<SourceProtocol.Ticked> TickAsync(long nextOffset, CancellationToken cancellation)
    {
        // First what is committed, then the end: what another node commits in between is not beyond it.
        var there = nextOffset > _committed
            ? await _context.Log.CommittedOffsetAsync(_context.Settings.ConsumerGroup, _partition, cancellation) ?? -1
            : _committed;
        var end = await _context.Log.EndOffsetAsync(_partition, cancellation);
        var committed = _committed;
        if (nextOffset > committed)
        {
            committed = there > end ? nextOffset : Math.Max(there, nextOffset);
            if (committed != there)
            {
                await _context.Log.CommitAsync(_context.Settings.ConsumerGroup, _partition, committed, cancellation);
            }
        }

        var beginning = nextOffset < end ? await _context.Log.BeginningOffsetAsync(_partition, cancellation) : 0;
        return new SourceProtocol.Ticked(committed, end, beginning > nextOffset ? (nextOffset, beginning) : null);
    }

    private void OnTicked(SourceProtocol.Ticked ticked)
    {
        _isTicking = false;
        _committed = ticked.Committed;
        OnBack(TickOutage);
        if (ticked.Overtaken is { } gone)
        {
            NoticeGone(gone.From, gone.Until, "the log's retention overtook this node");
        }

        Post(_status with { EndOffset = Math.Max(ticked.EndOffset, _status.NextOffset) });
    }

    // Features count from what is left on. Nothing waits for what is gone, so nothing is paused.
    private void NoticeGone(long from, long until, string why)
    {
        if (until <= _gone)
        {
            return;
        }

        _gone = until;
        var notice = $"{until - from} offsets, {from} to {until - 1}, are gone: {why}; features count from {until} on";
        _log.Warning("{0}: {1}", _partition, notice);
        _status = _status with { Notice = notice, NoticedAt = _context.Time.GetUtcNow() };
    }

    private void CommitLast()
    {
        if (_stage == Stage.Between && !_isTicking)
        {
            (_ready is null ? Task.CompletedTask : TickAsync(_status.NextOffset, _life.Token))
                .PipeTo(_stopAsker!, success: () => SourceProtocol.Stopped.Instance, failure: _ => SourceProtocol.Stopped.Instance);
        }
    }
}
