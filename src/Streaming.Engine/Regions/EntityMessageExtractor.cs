using System.Globalization;
using Akka.Cluster.Sharding;
using Streaming.Engine.Deliveries;
using Streaming.Engine.Shards;
using Streaming.Log;

namespace Streaming.Engine.Regions;

/// <summary>
/// The entity and the shard of a message. An entity's shard is the partition of its key by Kafka's murmur2; each shard has a keeper,
/// which lives in it, and so does the actor that opens its bundles of deliveries.
/// </summary>
internal sealed class EntityMessageExtractor(int shards) : IMessageExtractor
{
    private const string KeeperPrefix = "$keeper/";
    private const string BundlesPrefix = "$bundles/";

    /// <summary>The shard whose keeper an entity id names; null when it names something else.</summary>
    public static int? KeeperOf(string entityId) => NumberOf(entityId, KeeperPrefix);

    /// <summary>The shard whose bundles go to an entity id; null when it names something else.</summary>
    public static int? BundlesOf(string entityId) => NumberOf(entityId, BundlesPrefix);

    /// <inheritdoc/>
    public string? EntityId(object message) => message switch
    {
        IEntityMessage entity => Deliveries.EntityId.Of(entity.Key),
        ShardProtocol.Ensure { Shard: var shard } => FormattableString.Invariant($"{KeeperPrefix}{shard}"),
        DeliveryBundle { Shard: var shard } => FormattableString.Invariant($"{BundlesPrefix}{shard}"),
        _ => null,
    };

    /// <inheritdoc/>
    public object EntityMessage(object message) => message;

    /// <inheritdoc/>
    public string? ShardId(object message) => message switch
    {
        IEntityMessage entity => Shard(entity.Key),
        ShardProtocol.Ensure keeper => keeper.Shard.ToString(CultureInfo.InvariantCulture),
        DeliveryBundle bundle => bundle.Shard.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <inheritdoc/>
    public string ShardId(string entityId, object? messageHint = null) =>
        (KeeperOf(entityId) ?? BundlesOf(entityId)) is { } shard
            ? shard.ToString(CultureInfo.InvariantCulture)
            : Shard(Deliveries.EntityId.KeyOf(entityId));

    private static int? NumberOf(string entityId, string prefix) => entityId.StartsWith(prefix, StringComparison.Ordinal)
        ? int.Parse(entityId.AsSpan(prefix.Length), CultureInfo.InvariantCulture)
        : null;

    private string Shard(ReadOnlySpan<byte> key) => Murmur2.Partition(key, shards).ToString(CultureInfo.InvariantCulture);
}
