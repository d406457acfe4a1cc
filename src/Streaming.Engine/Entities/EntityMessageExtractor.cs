using System.Globalization;
using System.Text;
using Akka.Cluster.Sharding;
using Streaming.Engine.Sources;
using Streaming.Log;

namespace Streaming.Engine.Entities;

/// <summary>
/// Which entity and shard a message is for. An entity's shard is the partition of its key by Kafka's murmur2, and a partition's
/// source lives in the shard of its number: events keyed by the entity never leave their shard. Keys come from events and may be
/// any text: one that begins as a source's id does is told from it by a second <c>$</c>.
/// </summary>
internal sealed class EntityMessageExtractor(int shards) : IMessageExtractor
{
    private const string Escape = "$";
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

    /// <summary>The entity id of a key.</summary>
    public static string EntityIdOf(ReadOnlySpan<byte> key)
    {
        var text = Encoding.UTF8.GetString(key);
        return text.StartsWith(Escape, StringComparison.Ordinal) ? Escape + text : text;
    }

    /// <summary>The key of an entity id that is no source's.</summary>
    public static byte[] KeyOf(string entityId) =>
        Encoding.UTF8.GetBytes(entityId.StartsWith(Escape, StringComparison.Ordinal) ? entityId[Escape.Length..] : entityId);

    /// <inheritdoc/>
    public string? EntityId(object message) => message switch
    {
        IEntityMessage entity => EntityIdOf(entity.Key),
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
        SourceOf(entityId) is { } source ? (source.Partition % shards).ToString(CultureInfo.InvariantCulture) : Shard(KeyOf(entityId));

    private string Shard(ReadOnlySpan<byte> key) => Murmur2.Partition(key, shards).ToString(CultureInfo.InvariantCulture);
}
