using System.IO.Hashing;
using System.Text;
using Akka.Actor;
using Akka.Event;

namespace Streaming.Engine.Sources;

/// <content>The tick: commits, the log's end, and what retention took.</content>
internal sealed partial class PartitionSourceActor
{
    private const int Phases = 256;
    private long _gone;

    // Spread over the interval: the looks of all partitions at once are a burst that scores wait for.
    private TimeSpan FirstTick() =>
        _context.Settings.CommitInterval * ((double)(XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(_partition.ToString())) % Phases) / Phases);

    // One at a time: commits that overtake each other would take the offset back.
    private void OnTick()
    {
        if (_ready is not null && !_isTicking)
        {
            _isTicking = true;
            TickAsync(_ready.TopicIdentity, _status.NextOffset, _life.Token)
                .PipeTo(Self, success: ticked => ticked, failure: cause => new SourceProtocol.TickFailed(cause));
        }
    }

    // A reader does not notice that its topic was made anew once the new one has more records than it has read. A topic that is not
    // there may be one that a broker does not know yet.
    private async Task<SourceProtocol.Ticked> TickAsync(string topicIdentity, long nextOffset, CancellationToken cancellation)
    {
        if (await _context.Log.DescribeTopicAsync(_partition.Topic, cancellation) is { } topic && topic.Identity != topicIdentity)
        {
            return new SourceProtocol.Ticked(IsMadeAnew: true, nextOffset, null);
        }

        await _consumed.AdvanceAsync(nextOffset, cancellation);
        await _schemas.CommitAsync(nextOffset, cancellation);
        await _judged.AdvanceAsync(nextOffset, cancellation);
        var end = await _context.Log.EndOffsetAsync(_partition, cancellation);
        var beginning = nextOffset < end ? await _context.Log.BeginningOffsetAsync(_partition, cancellation) : 0;
        return new SourceProtocol.Ticked(IsMadeAnew: false, end, beginning > nextOffset ? (nextOffset, beginning) : null);
    }

    private void OnTicked(SourceProtocol.Ticked ticked)
    {
        _isTicking = false;
        OnBack(TickOutage);
        if (ticked.IsMadeAnew)
        {
            EndRun("the topic was made anew");
            return;
        }

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
            (_ready is null ? Task.CompletedTask : TickAsync(_ready.TopicIdentity, _status.NextOffset, _life.Token))
                .PipeTo(_stopAsker!, success: () => SourceProtocol.Stopped.Instance, failure: _ => SourceProtocol.Stopped.Instance);
        }
    }
}
