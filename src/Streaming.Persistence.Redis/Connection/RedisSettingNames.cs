namespace Streaming.Persistence.Redis.Connection;

/// <summary>What messages call the settings that an operator changes.</summary>
/// <param name="Address">Where the servers are.</param>
/// <param name="User">The user.</param>
/// <param name="Password">The password.</param>
/// <param name="Tls">Encryption.</param>
/// <param name="Database">The database.</param>
/// <param name="KeyPrefix">What begins every key.</param>
internal sealed record RedisSettingNames(
    string Address, string User, string Password, string Tls, string Database, string KeyPrefix)
{
    /// <summary>Of the slots.</summary>
    public static RedisSettingNames Slots { get; } = new(
        "streaming.redis.connection (STREAMING_REDIS_CONNECTION)",
        "streaming.redis.user",
        "STREAMING_REDIS_PASSWORD (or streaming.redis.password-file)",
        "streaming.redis.tls",
        "streaming.redis.database",
        "streaming.redis.key-prefix");

    /// <summary>Of the plugins of Akka.Persistence, which have all but the last two in one text.</summary>
    public static RedisSettingNames Plugins { get; } = new(
        "configuration-string of akka.persistence.journal.redis and snapshot-store.redis",
        "user in configuration-string",
        "password in configuration-string",
        "ssl in configuration-string",
        "database of the plugin's section",
        "key-prefix of the plugin's section");
}
