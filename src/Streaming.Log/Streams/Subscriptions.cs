using System.Collections.Immutable;

namespace Streaming.Log.Streams;

/// <summary>Which partitions a source reads, and from where.</summary>
public interface ISubscription;

/// <summary>Makes subscriptions. Partitions are assigned by hand; there is no group membership and no rebalance.</summary>
public static class Subscriptions
{
    /// <summary>All partitions that the topics have when the stream starts, each from the group's committed offset or else its beginning.</summary>
    public static ISubscription Topics(params string[] topics) => new TopicSubscription([.. topics]);

    /// <summary>These partitions, each from the group's committed offset or else its beginning.</summary>
    public static ISubscription Assignment(params TopicPartition[] partitions) => new Assigned([.. partitions]);

    /// <summary>These partitions from these offsets.</summary>
    public static ISubscription AssignmentWithOffset(params (TopicPartition Partition, long Offset)[] partitions) => new AssignedWithOffset([.. partitions]);

    /// <summary>Where reading starts, partition by partition.</summary>
    internal static async Task<ImmutableArray<(TopicPartition Partition, long Offset)>> StartsAsync(IEventLog log, string? group, ISubscription subscription)
    {
        if (subscription is AssignedWithOffset given)
        {
            return given.Partitions;
        }

        var partitions = subscription is TopicSubscription topics ? await PartitionsAsync(log, topics.Names) : ((Assigned)subscription).Partitions;
        return [.. await Task.WhenAll(partitions.Select(partition => StartAsync(log, group, partition)))];
    }

    private static async Task<ImmutableArray<TopicPartition>> PartitionsAsync(IEventLog log, ImmutableArray<string> topics)
    {
        var found = ImmutableArray.CreateBuilder<TopicPartition>();
        foreach (var topic in topics)
        {
            var there = await log.DescribeTopicAsync(topic, CancellationToken.None)
                ?? throw new EventLogException($"Topic \"{topic}\" does not exist; create it before it is subscribed to.", retriable: false);
            found.AddRange(Enumerable.Range(0, there.Partitions).Select(number => new TopicPartition(topic, number)));
        }

        return found.ToImmutable();
    }

    private static async Task<(TopicPartition Partition, long Offset)> StartAsync(IEventLog log, string? group, TopicPartition partition)
    {
        var committed = group is null ? null : await log.CommittedOffsetAsync(group, partition, CancellationToken.None);
        return (partition, committed ?? await log.BeginningOffsetAsync(partition, CancellationToken.None));
    }

    private sealed record TopicSubscription(ImmutableArray<string> Names) : ISubscription;

    private sealed record Assigned(ImmutableArray<TopicPartition> Partitions) : ISubscription;

    private sealed record AssignedWithOffset(ImmutableArray<(TopicPartition Partition, long Offset)> Partitions) : ISubscription;
}
