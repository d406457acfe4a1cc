using Akka.Actor;

namespace Streaming.Engine.Sources;

/// <content>Commits of the partition's offsets, one at a time: a commit that overtook another would move the offset back.</content>
internal sealed partial class PartitionSourceActor
{
    private bool _isCommitting;
    private int _failedCommits;

    private void BeginCommit()
    {
        if (!_isCommitting)
        {
            _isCommitting = true;
            _offsets.CommitAsync(_status.NextOffset, _life.Token)
                .PipeTo(Self, success: () => SourceProtocol.Committed.Instance, failure: cause => new SourceProtocol.CommitFailed(cause));
        }
    }

    private void OnCommitted()
    {
        _isCommitting = false;
        _failedCommits = 0;
        if (_notices.Committed())
        {
            Post(_status);
        }
    }

    // A single failure may be an outage of the whole log, which the next tick reports as that.
    private void OnCommitFailed(Exception cause)
    {
        _isCommitting = false;
        _status = _status with { CommitFailures = _status.CommitFailures + 1 };
        if (++_failedCommits >= 2)
        {
            _notices.CommitsFail(cause);
            Post(_status);
        }
    }

    private void CommitLast()
    {
        if (_stage == Stage.Idle && !_isDescribing && !_isCommitting)
        {
            (_ready is null ? Task.CompletedTask : CommitLastAsync(_ready.TopicIdentity, _status.NextOffset, _life.Token))
                .PipeTo(_stopRequester!, success: () => SourceProtocol.Stopped.Instance, failure: _ => SourceProtocol.Stopped.Instance);
        }
    }

    private async Task CommitLastAsync(string topicIdentity, long nextOffset, CancellationToken cancellation)
    {
        if (!(await DescribeAsync(topicIdentity, cancellation)).IsRecreated)
        {
            await _offsets.CommitAsync(nextOffset, cancellation);
        }
    }
}
