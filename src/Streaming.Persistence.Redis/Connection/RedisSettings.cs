using StackExchange.Redis;

namespace Streaming.Persistence.Redis.Connection;

/// <summary>How to reach the servers, and how much is on its way at once; the defaults are those of reference.conf.</summary>
/// <param name="Connection"><c>host:port,...</c> with the options of StackExchange.Redis behind them.</param>
public sealed record RedisSettings(string Connection)
{
    /// <summary>User of the server's ACL; empty for its default user.</summary>
    public string User { get; init; } = RedisDefaults.Text("user");

    /// <summary>The password; null for none. Never printed.</summary>
    public string? Password { get; init; }

    /// <summary>TLS; null for none.</summary>
    public RedisTls? Tls { get; init; }

    /// <summary>The database; a Cluster has 0 only.</summary>
    public int Database { get; init; } = RedisDefaults.Number("database");

    /// <summary>Begins every key.</summary>
    public string KeyPrefix { get; init; } = RedisDefaults.Text("key-prefix");

    /// <summary>How long connecting may take before the store is said to be out of reach.</summary>
    public TimeSpan ConnectTimeout { get; init; } = RedisDefaults.Span("connect-timeout");

    /// <summary>How long a call may take before it fails as an outage.</summary>
    public TimeSpan CallTimeout { get; init; } = RedisDefaults.Span("call-timeout");

    /// <summary>Snapshots that one script writes.</summary>
    public int BatchEntries { get; init; } = RedisDefaults.Number("slots.batch-entries");

    /// <summary>Bytes of snapshots after which a script takes no more.</summary>
    public int BatchBytes { get; init; } = RedisDefaults.Number("slots.batch-bytes");

    /// <summary>Scripts on their way for one slot at once.</summary>
    public int BatchesInFlight { get; init; } = RedisDefaults.Number("slots.batches-in-flight");

    /// <summary>Snapshots that one answer of a bulk load has, about.</summary>
    public int LoadPage { get; init; } = RedisDefaults.Number("slots.load-page");

    /// <summary>All settings, the password masked.</summary>
    public override string ToString() =>
        $"Redis {Hide(Connection)} user={User} password={(Password is null ? "none" : "***")} tls={(Tls is null ? "off" : "on")} " +
        $"database={Database} prefix={KeyPrefix} call.timeout={CallTimeout}";

    /// <summary>The client's options.</summary>
    /// <exception cref="ArgumentException">The connection string, or a file of TLS, cannot be used.</exception>
    internal ConfigurationOptions Options()
    {
        var options = ConfigurationOptions.Parse(Connection);
        options.AbortOnConnectFail = false;
        options.ConnectTimeout = (int)ConnectTimeout.TotalMilliseconds;
        options.AsyncTimeout = options.SyncTimeout = (int)CallTimeout.TotalMilliseconds;
        options.ConfigCheckSeconds = Math.Min(options.ConfigCheckSeconds, 10);
        options.User = User.Length > 0 ? User : options.User;
        options.Password = Password ?? options.Password;
        options.ClientName ??= "streaming";
        Tls?.Apply(options);
        return options;
    }

    // A password may stand in the connection string that comes from the environment.
    private static string Hide(string connection) => string.Join(
        ',',
        connection.Split(',').Select(
            part => part.Contains("password", StringComparison.OrdinalIgnoreCase) ? $"{part.Split('=')[0]}=***" : part));
}
