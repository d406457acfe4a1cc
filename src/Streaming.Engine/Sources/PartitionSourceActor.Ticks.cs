using System.IO.Hashing;
using System.Text;
using Akka.Actor;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <content>
/// The tick: describes the partition in the log, which says how fresh the features are, then commits, which does not. A broker may
/// take minutes to answer for a consumer group, so neither waits for the other.
/// </content>
internal sealed partial class PartitionSourceActor
{
    private const int Phases = 256;
    private bool _isDescribing;

    // Spread over the interval: requests for all partitions at once are a burst that delays scores.
    private TimeSpan FirstTick() =>
        _settings.CommitInterval * ((double)(XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(_partition.ToString())) % Phases) / Phases);

    private bool OnTickMessage(object message)
    {
        switch (message)
        {
            case SourceProtocol.Tick:
                OnTick();
                return true;
            case SourceProtocol.Described described:
                OnDescribed(described);
                return true;
            case SourceProtocol.DescribeFailed failed:
                OnDescribeFailed(failed.Cause);
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
        if (_ready is not null && !_isDescribing)
        {
            _isDescribing = true;
            DescribeAsync(_ready.TopicIdentity, _life.Token)
                .PipeTo(Self, success: described => described, failure: cause => new SourceProtocol.DescribeFailed(cause));
        }

        // The passing of time alone may make the partition stale.
        Post(_status);
    }

    // A reader does not notice that its topic was recreated once the new one has more records than it has read. The new one may lack
    // this partition. A topic that is missing altogether may be one that the broker does not know yet.
    private async Task<SourceProtocol.Described> DescribeAsync(string topicIdentity, CancellationToken cancellation)
    {
        var at = _time.GetTimestamp();
        try
        {
            var partition = await _eventLog.DescribePartitionAsync(_partition, cancellation);
            return new SourceProtocol.Described(partition.Topic.Identity != topicIdentity, partition, at);
        }
        catch (EventLogException missing) when (!missing.Retriable)
        {
            if (await _eventLog.DescribeTopicAsync(_partition.Topic, cancellation) is { } topic && topic.Identity != topicIdentity)
            {
                return new SourceProtocol.Described(IsRecreated: true, new PartitionDescription(topic, 0, 0, 0), at);
            }

            throw;
        }
    }

    private void OnDescribed(SourceProtocol.Described described)
    {
        _isDescribing = false;
        OnRecovered(EndOutage);
        if (described.IsRecreated)
        {
            EndRun("the topic was deleted and created again");
            return;
        }

        var partition = described.Partition;
        _services.Starter.Ensure(_plan, partition.Topic.Partitions);
        if (_stage == Stage.Running && _status.NextOffset < partition.End)
        {
            _notices.Expired(partition.Beginning, _completeUntil, "the log's retention overtook this node");
        }

        _freshness.Described(partition, _status.NextOffset, described.AtTicks);
        _notices.HeldBack(partition, described.AtTicks);
        Post(_status with { EndOffset = Math.Max(partition.End, _status.NextOffset), HeldBack = partition.HeldBack });
        BeginCommit();
    }

    private void OnDescribeFailed(Exception cause)
    {
        _isDescribing = false;
        _failedCommits = 0;
        OnUnavailable(EndOutage, cause);
    }
}
