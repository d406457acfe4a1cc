using Akka.Configuration;
using StackExchange.Redis;

namespace Streaming.Persistence.Redis.Plugins;

/// <summary>What a plugin's section of HOCON says.</summary>
/// <param name="Configuration">How to reach the server, in the words of StackExchange.Redis.</param>
/// <param name="DatabaseFromConnection">Whether that string names the database.</param>
/// <param name="Database">The database otherwise.</param>
/// <param name="KeyPrefix">Begins every key.</param>
internal sealed record RedisPluginSettings(string Configuration, bool DatabaseFromConnection, int Database, string KeyPrefix)
{
    /// <summary>Reads a plugin's section; the defaults are those of akka.conf.</summary>
    public static RedisPluginSettings Create(Config config) => new(
        config.GetString("configuration-string"),
        config.GetBoolean("use-database-number-from-connection-string"),
        config.GetInt("database"),
        config.GetString("key-prefix"));

    /// <summary>The database to use.</summary>
    public int DatabaseOn(string configuration) =>
        DatabaseFromConnection ? ConfigurationOptions.Parse(configuration).DefaultDatabase ?? Database : Database;
}
