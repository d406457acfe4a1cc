using System.Globalization;
using Akka.Cluster.Sharding;
using Streaming.Engine.Sources;
using Streaming.Log;

namespace Streaming.Engine.Regions;

/// <summary>
/// The source and the shard of a message to a partition's source. A source's id is its topic and partition, its shard the partition: so
/// each node gets about as many partitions of a topic as the others.
/// </summary>
internal sealed class SourceMessageExtractor : IMessageExtractor
{
    /// <summary>The partition whose source an id names.</summary>
    public static TopicPartition PartitionOf(string sourceId)
    {
        var slash = sourceId.LastIndexOf('/');
        return new TopicPartition(sourceId[..slash], int.Parse(sourceId.AsSpan(slash + 1), CultureInfo.InvariantCulture));
    }

    /// <inheritdoc/>
    public string? EntityId(object message) => message is SourceProtocol.Ensure { Partition: var (topic, partition) }
        ? FormattableString.Invariant($"{topic}/{partition}")
        : null;

    /// <inheritdoc/>
    public object EntityMessage(object message) => message;

    /// <inheritdoc/>
    public string? ShardId(object message) =>
        message is SourceProtocol.Ensure ensure ? ensure.Partition.Partition.ToString(CultureInfo.InvariantCulture) : null;

    /// <inheritdoc/>
    public string ShardId(string entityId, object? messageHint = null) => entityId[(entityId.LastIndexOf('/') + 1)..];
}
