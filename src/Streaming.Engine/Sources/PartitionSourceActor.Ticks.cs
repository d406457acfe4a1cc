using System.IO.Hashing;
using System.Text;
using Akka.Actor;
using Akka.Event;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <content>
/// The tick: a look at the log, which says how fresh the features are, and a commit, which says nothing of that. A broker may take minutes to
/// answer for a consumer group, so neither waits for the other.
/// </content>
internal sealed partial class PartitionSourceActor
{
    private const int Phases = 256;
    private bool _isLooking;
    private bool _isCommitting;
    private int _failedCommits;

    // Spread over the interval: the looks of all partitions at once are a burst that scores wait for.
    private TimeSpan FirstTick() =>
        _context.Settings.CommitInterval * ((double)(XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(_partition.ToString())) % Phases) / Phases);

    private bool OnTickMessage(object message)
    {
        switch (message)
        {
            case SourceProtocol.Tick:
                OnTick();
                return true;
            case SourceProtocol.Looked looked:
                OnLooked(looked);
                return true;
            case SourceProtocol.LookFailed failed:
                OnLookFailed(failed.Cause);
                return true;
            case SourceProtocol.Committed:
                OnCommitted();
                return true;
            case SourceProtocol.CommitFailed failed:
                OnCommitFailed(failed.Cause);
                return true;
            default:
                return false;
        }
    }

    private void OnTick()
    {
        if (_ready is not null && !_isLooking)
        {
            _isLooking = true;
            LookAtEndAsync(_ready.TopicIdentity, _life.Token)
                .PipeTo(Self, success: looked => looked, failure: cause => new SourceProtocol.LookFailed(cause));
        }

        // Time alone may make it stale.
        Post(_status);
    }

    // A reader does not notice that its topic was made anew once the new one has more records than it has read. The new one may lack this
    // partition. A topic that is not there at all may be one that a broker does not know yet.
    private async Task<SourceProtocol.Looked> LookAtEndAsync(string topicIdentity, CancellationToken cancellation)
    {
        var at = _context.Time.GetTimestamp();
        try
        {
            var there = await _context.Log.DescribePartitionAsync(_partition, cancellation);
            return new SourceProtocol.Looked(there.Topic.Identity != topicIdentity, there, at);
        }
        catch (EventLogException missing) when (!missing.Retriable)
        {
            if (await _context.Log.DescribeTopicAsync(_partition.Topic, cancellation) is { } topic && topic.Identity != topicIdentity)
            {
                return new SourceProtocol.Looked(IsMadeAnew: true, new PartitionDescription(topic, 0, 0, 0), at);
            }

            throw;
        }
    }

    private void OnLooked(SourceProtocol.Looked looked)
    {
        _isLooking = false;
        OnBack(LookOutage);
        if (looked.IsMadeAnew)
        {
            EndRun("the topic was made anew");
            return;
        }

        var there = looked.There;
        _context.Starter.Ensure(_plan, there.Topic.Partitions);
        if (_stage == Stage.Running && _status.NextOffset < there.End)
        {
            NoticeGone(there.Beginning, "the log's retention overtook this node");
        }

        _freshness.Looked(there, _status.NextOffset, looked.AtTicks);
        NoticeHeldBack(there, looked.AtTicks);
        Post(_status with { EndOffset = Math.Max(there.End, _status.NextOffset), HeldBack = there.HeldBack });
        if (!_isCommitting)
        {
            _isCommitting = true;
            CommitAsync(_status.NextOffset, _life.Token)
                .PipeTo(Self, success: () => SourceProtocol.Committed.Instance, failure: cause => new SourceProtocol.CommitFailed(cause));
        }
    }

    private void OnLookFailed(Exception cause)
    {
        _isLooking = false;
        _failedCommits = 0;
        OnAway(LookOutage, cause);
    }

    // One at a time: commits that overtake each other would take the offset back.
    private async Task CommitAsync(long nextOffset, CancellationToken cancellation)
    {
        await _consumed.AdvanceAsync(nextOffset, cancellation);
        await _schemas.CommitAsync(nextOffset, cancellation);
        await _judged.AdvanceAsync(nextOffset, cancellation);
    }

    private void OnCommitted()
    {
        _isCommitting = false;
        _failedCommits = 0;
        if (_notices.Remove(SourceNotices.Commit))
        {
            _log.Warning("{0}: its offsets are committed again", _partition);
            Post(_status);
        }
    }

    // Once may be an outage of the whole log, which the next look meets and which is told then.
    private void OnCommitFailed(Exception cause)
    {
        _isCommitting = false;
        _status = _status with { CommitFailures = _status.CommitFailures + 1 };
        if (++_failedCommits < 2)
        {
            return;
        }

        var text = $"its offsets are not committed, for lag tools and the next start: {cause.Message}; features do not depend on it";
        if (_notices.Set(SourceNotices.Commit, text))
        {
            _log.Warning("{0}: {1}", _partition, text);
        }

        Post(_status);
    }

    private void CommitLast()
    {
        if (_stage == Stage.Between && !_isLooking && !_isCommitting)
        {
            (_ready is null ? Task.CompletedTask : CommitLastAsync(_ready.TopicIdentity, _status.NextOffset, _life.Token))
                .PipeTo(_stopAsker!, success: () => SourceProtocol.Stopped.Instance, failure: _ => SourceProtocol.Stopped.Instance);
        }
    }

    private async Task CommitLastAsync(string topicIdentity, long nextOffset, CancellationToken cancellation)
    {
        if (!(await LookAtEndAsync(topicIdentity, cancellation)).IsMadeAnew)
        {
            await CommitAsync(nextOffset, cancellation);
        }
    }
}
