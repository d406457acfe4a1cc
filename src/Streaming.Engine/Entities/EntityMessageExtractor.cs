using System.Globalization;
using System.Text;
using Akka.Cluster.Sharding;
using Streaming.Engine.Sources;
using Streaming.Log;

namespace Streaming.Engine.Entities;

/// <summary>
/// Which entity and shard a message is for. An entity's shard is the partition of its key by Kafka's murmur2, and a partition's
/// source lives in the shard of its number: events keyed by the entity never leave their shard.
/// </summary>
internal sealed class EntityMessageExtractor(int shards) : IMessageExtractor
{
    private const string SourcePrefix = "$source/";

    /// <summary>The source that an entity id names; null when it names an entity.</summary>
    public static TopicPartition? SourceOf(string entityId)
    {
        if (!entityId.StartsWith(SourcePrefix, StringComparison.Ordinal))
        {
            return null;
        }

        var slash = entityId.LastIndexOf('/');
        return new TopicPartition(entityId[SourcePrefix.Length..slash], int.Parse(entityId.AsSpan(slash + 1), CultureInfo.InvariantCulture));
    }

    /// <inheritdoc/>
    public string? EntityId(object message) => message switch
    {
        IEntityMessage entity => Encoding.UTF8.GetString(entity.Key),
        SourceProtocol.Ensure source => $"{SourcePrefix}{source.Partition.Topic}/{source.Partition.Partition.ToString(CultureInfo.InvariantCulture)}",
        _ => null,
    };

    /// <inheritdoc/>
    public object EntityMessage(object message) => message;

    /// <inheritdoc/>
    public string? ShardId(object message) => message switch
    {
        IEntityMessage entity => Shard(entity.Key),
        SourceProtocol.Ensure source => (source.Partition.Partition % shards).ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <inheritdoc/>
    public string ShardId(string entityId, object? messageHint = null) =>
        SourceOf(entityId) is { } source ? (source.Partition % shards).ToString(CultureInfo.InvariantCulture) : Shard(Encoding.UTF8.GetBytes(entityId));

    private string Shard(ReadOnlySpan<byte> key) => Murmur2.Partition(key, shards).ToString(CultureInfo.InvariantCulture);
}
