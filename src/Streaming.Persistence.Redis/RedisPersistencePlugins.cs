using Akka.Configuration;

namespace Streaming.Persistence.Redis;

/// <summary>
/// The journal and the snapshot store for Akka.Persistence, under the ids, keys and key layout of Akka.Persistence.Redis:
/// <c>akka.persistence.journal.redis</c> and <c>akka.persistence.snapshot-store.redis</c>.
/// </summary>
public static class RedisPersistencePlugins
{
    /// <summary>The plugins' defaults and their serializer; an actor system's configuration falls back to it.</summary>
    public static Config ReferenceConfig { get; } =
        ConfigurationFactory.FromResource("Streaming.Persistence.Redis.akka.conf", typeof(RedisPersistencePlugins).Assembly);
}
