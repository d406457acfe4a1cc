using StackExchange.Redis;

namespace Streaming.Persistence.Redis.Connection;

/// <summary>One connection to the servers, for all slots of a process. Thread-safe. It reconnects by itself.</summary>
public sealed class RedisConnection : IAsyncDisposable
{
    private readonly ConnectionMultiplexer _multiplexer;
    private readonly ReplicaRefusal _refusal;
    private readonly RedisTarget _target;
    private readonly Func<Task<string?>>? _fault;
    private volatile Exception? _trouble;

    private RedisConnection(
        RedisSettings settings, RedisTarget target, ConnectionMultiplexer multiplexer, Func<Task<string?>>? fault)
    {
        _fault = fault;
        _target = target;
        Settings = settings;
        _multiplexer = multiplexer;
        _refusal = new(multiplexer);
        multiplexer.ConnectionFailed += (_, failed) => _trouble = failed.Exception;
        multiplexer.ConnectionRestored += (_, _) => _trouble = null;
        Database = multiplexer.GetDatabase(settings.Database);
    }

    /// <summary>The settings that it was opened with.</summary>
    public RedisSettings Settings { get; }

    /// <summary>Whether any server is connected now.</summary>
    public bool IsConnected => _multiplexer.IsConnected;

    /// <summary>How often a replica's refusal made the client look for the primary.</summary>
    internal int Reconfigurations => _refusal.Reconfigurations;

    /// <summary>The servers, for messages.</summary>
    internal string Where => _target.Where;

    /// <summary>Where commands go.</summary>
    internal IDatabase Database { get; }

    /// <summary>
    /// Connects. Servers that are out of reach are no failure: it goes on trying, and calls fail as an outage until then.
    /// </summary>
    /// <exception cref="SlotStoreException">The settings cannot be used.</exception>
    public static Task<RedisConnection> OpenAsync(RedisSettings settings, CancellationToken cancellation) =>
        OpenAsync(settings, fault: null, waits: null, cancellation);

    /// <summary>As <see cref="OpenAsync(RedisSettings, CancellationToken)"/>, and says what it waits for where that takes long.</summary>
    /// <param name="settings">How.</param>
    /// <param name="waits">Called once, after about a second.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="SlotStoreException">The settings cannot be used.</exception>
    public static Task<RedisConnection> OpenAsync(RedisSettings settings, Action<string>? waits, CancellationToken cancellation) =>
        OpenAsync(settings, fault: null, waits, cancellation);

    /// <summary>As <see cref="OpenAsync(RedisSettings, CancellationToken)"/>, to a server that can say why it does not work.</summary>
    internal static async Task<RedisConnection> OpenAsync(
        RedisSettings settings, Func<Task<string?>>? fault, Action<string>? waits, CancellationToken cancellation)
    {
        var options = OptionsOf(settings);
        var target = RedisTarget.Of(options, settings.Database, RedisSettingNames.Slots);
        try
        {
            var connected = waits is null
                ? await ConnectionMultiplexer.ConnectAsync(options).WaitAsync(cancellation)
                : await RedisWait.ConnectAsync(options, target, waits, cancellation);
            return new(settings, target, connected, fault);
        }
        catch (Exception e) when (RedisFailure.Is(e) || e is ArgumentException)
        {
            throw RedisFailure.Of(e, "connecting", null, target);
        }
    }

    private static ConfigurationOptions OptionsOf(RedisSettings settings)
    {
        try
        {
            return settings.Options();
        }
        catch (Exception e) when (e is ArgumentException or IOException or System.Security.Cryptography.CryptographicException)
        {
            throw new SlotStoreException(
                $"{RedisCause.Brief(e.Message)}. Look at streaming.redis.connection and tls.", retriable: false, e);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _multiplexer.DisposeAsync();

    /// <summary>Makes a call, waits for it within the call timeout, and says what a failure means.</summary>
    internal async Task<T> CallAsync<T>(Func<Task<T>> call, string doing, SlotAddress? slot, CancellationToken cancellation)
    {
        try
        {
            // The client's own timeout comes first unless its timers are starved.
            return await call().WaitAsync(Settings.CallTimeout * 2, cancellation);
        }
        catch (Exception e) when (RedisFailure.Is(e))
        {
            if (_fault is not null && await _fault() is { } known)
            {
                throw new SlotStoreException(known, retriable: true, e);
            }

            _ = _refusal.NoticeAsync(e);
            throw RedisFailure.Of(e, slot is { } address ? $"{doing} slot {address}" : doing, _trouble, _target);
        }
    }
}
