using StackExchange.Redis;
using Streaming.Persistence.Redis.Connection;

namespace Streaming.Persistence.Redis.Plugins;

/// <summary>One connection of the plugins.</summary>
internal sealed class RedisPluginServer(string configuration) : IDisposable
{
    /// <summary>The client's time for a call, unless its own is shorter.</summary>
    internal const int CallTimeoutMillis = 5_000;

    private readonly Lazy<Task<(ConnectionMultiplexer Multiplexer, ReplicaRefusal Refusal)>> _connecting =
        new(() => ConnectAsync(configuration));
    private Task _lastSent = Task.CompletedTask;

    /// <summary>Waits for the connection, runs a call on a database, and looks for the primary if a replica refused it.</summary>
    /// <param name="settings">Whose database and keys.</param>
    /// <param name="doing">What the call does, for its failure.</param>
    /// <param name="call">The call, with the database and the keys as this server needs them.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<T> RunAsync<T>(
        RedisPluginSettings settings,
        string doing,
        Func<IDatabase, RedisPluginKeys, Task<T>> call,
        CancellationToken cancellation)
    {
        try
        {
            return await SendAsync(settings, call, cancellation);
        }
        catch (Exception e) when (RedisFailure.Is(e))
        {
            var target = RedisTarget.Of(OptionsOf(configuration), settings.DatabaseOn(configuration), RedisSettingNames.Plugins);
            throw RedisFailure.Of(e, doing, null, target);
        }
    }

    private async Task<T> SendAsync<T>(
        RedisPluginSettings settings, Func<IDatabase, RedisPluginKeys, Task<T>> call, CancellationToken cancellation)
    {
        // Calls are sent in the order in which they were made, also those that waited for the connection: of two snapshots with the same
        // number the later one must win.
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var previous = Interlocked.Exchange(ref _lastSent, mine.Task);
        Task<T> sent;
        ReplicaRefusal refusal;
        try
        {
            (var multiplexer, refusal) = await _connecting.Value;
            await previous;
            sent = Send(multiplexer, settings, call);
        }
        finally
        {
            mine.SetResult();
        }

        try
        {
            return await sent.WaitAsync(cancellation);
        }
        catch (Exception e) when (ReplicaRefusal.Is(e))
        {
            _ = refusal.NoticeAsync(e);
            throw;
        }
    }

    private Task<T> Send<T>(
        ConnectionMultiplexer multiplexer, RedisPluginSettings settings, Func<IDatabase, RedisPluginKeys, Task<T>> call)
    {
        // Known once a server has answered; a call before that fails anyhow.
        var clustered = Array.Exists(multiplexer.GetServers(), server => server.IsConnected && server.ServerType == ServerType.Cluster);
        var database = multiplexer.GetDatabase(clustered ? 0 : settings.DatabaseOn(configuration));
        return call(database, new(settings.KeyPrefix, clustered));
    }

    /// <summary>How often the client was told to look for the primary.</summary>
    public async Task<int> ReconfigurationsAsync() => (await _connecting.Value).Refusal.Reconfigurations;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_connecting.IsValueCreated)
        {
            _ = CloseAsync(_connecting.Value);
        }
    }

    private static async Task CloseAsync(Task<(ConnectionMultiplexer Multiplexer, ReplicaRefusal Refusal)> connecting)
    {
        try
        {
            await (await connecting).Multiplexer.DisposeAsync();
        }
        catch (Exception e) when (e is RedisException or ArgumentException)
        {
            // It never connected; those who called heard of it.
        }
    }

    private static async Task<(ConnectionMultiplexer Multiplexer, ReplicaRefusal Refusal)> ConnectAsync(string configuration)
    {
        if (configuration.Length == 0)
        {
            throw new ArgumentException(
                "akka.persistence.journal.redis.configuration-string, or that of snapshot-store.redis, is empty; set host:port of Redis.");
        }

        var multiplexer = await ConnectionMultiplexer.ConnectAsync(OptionsOf(configuration));
        return (multiplexer, new(multiplexer));
    }

    private static ConfigurationOptions OptionsOf(string configuration)
    {
        var options = ConfigurationOptions.Parse(configuration);

        // A server that is away at the start is an outage as later ones are, and the client's timeout lies below the circuit breaker's.
        options.AbortOnConnectFail = false;
        options.AsyncTimeout = Math.Min(options.AsyncTimeout, CallTimeoutMillis);
        return options;
    }
}
