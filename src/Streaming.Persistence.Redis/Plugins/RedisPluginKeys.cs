using StackExchange.Redis;

namespace Streaming.Persistence.Redis.Plugins;

/// <summary>
/// The keys of Akka.Persistence.Redis. On a Cluster the keys of a persistence id get one hash tag, so that a transaction may span them.
/// </summary>
internal readonly record struct RedisPluginKeys(string Prefix, bool IsClustered)
{
    /// <summary>A sorted set: events by sequence number.</summary>
    public RedisKey Events(string id) => $"{Tag(id)}{Prefix}journal:persisted:{id}";

    /// <summary>The highest sequence number ever written; it stays when events are deleted.</summary>
    public RedisKey Highest(string id) => $"{Tag(id)}{Prefix}journal:persisted:{id}:highestSequenceNr";

    /// <summary>A sorted set: snapshots by sequence number.</summary>
    public RedisKey Snapshots(string id) => $"{Tag(id)}{Prefix}snapshot:{id}";

    private string Tag(string id) => IsClustered ? $"{{__{id}}}." : "";
}
