using Streaming.Features.Events;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>What a source asks the log about its partition, besides its records.</summary>
internal sealed class PartitionInquiry(
    TopicPartition partition, IEventLog log, SettledEvents settled, long beginsAt, SourceOffsets offsets, TimeProvider time)
{
    /// <summary>The bounds of a run. A recreated topic may lack this partition, so its offsets are not asked for.</summary>
    /// <param name="knownIdentity">The topic that earlier runs have read; null for none.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="EventLogException">The log is unavailable.</exception>
    public async Task<SourceProtocol.Ready> BoundsAsync(string? knownIdentity, CancellationToken cancellation)
    {
        var topic = await log.DescribeTopicAsync(partition.Topic, cancellation);
        if (topic is not null && knownIdentity is not null && topic.Identity != knownIdentity)
        {
            return new SourceProtocol.Ready(topic.Identity, 0, 0, null);
        }

        var identity = topic?.Identity ?? string.Empty;
        var beginning = Math.Max(beginsAt, await log.BeginningOffsetAsync(partition, cancellation));
        var end = await log.EndOffsetAsync(partition, cancellation);
        return new SourceProtocol.Ready(
            identity, beginning, end, await offsets.OpenAsync(identity, end, cancellation))
        {
            Settled = await settled.OfAsync(partition, cancellation),
            BeginsAt = beginsAt,
            BeginningTime = beginning > 0 && beginning < end ? await TimeOfAsync(beginning, cancellation) : EventTime.None,
        };
    }

    private async Task<EventTime> TimeOfAsync(long offset, CancellationToken cancellation)
    {
        await using var reader = log.Read(partition, offset);
        var first = await reader.ReadAsync(1, cancellation);
        return first.Count == 0 ? EventTime.None : new EventTime(first.Timestamps[0]);
    }

    /// <summary>
    /// Describes the partition. A reader does not notice that its topic was recreated once the new one has more records than it has read.
    /// The new one may lack this partition. A topic that is missing altogether may be one that the broker does not know yet.
    /// </summary>
    /// <param name="topicIdentity">The topic that is being read.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="EventLogException">The log is unavailable.</exception>
    public async Task<SourceProtocol.Described> DescribeAsync(string topicIdentity, CancellationToken cancellation)
    {
        var at = time.GetTimestamp();
        try
        {
            var described = await log.DescribePartitionAsync(partition, cancellation);
            return new SourceProtocol.Described(described.Topic.Identity != topicIdentity, described, at);
        }
        catch (EventLogException missing) when (!missing.Retriable)
        {
            if (await log.DescribeTopicAsync(partition.Topic, cancellation) is { } topic && topic.Identity != topicIdentity)
            {
                return new SourceProtocol.Described(IsRecreated: true, new PartitionDescription(topic, 0, 0, 0), at);
            }

            throw;
        }
    }
}
