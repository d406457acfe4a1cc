using System.Security.Cryptography;
using System.Text;
using Streaming.Persistence.Redis;
using Streaming.Persistence.Redis.Connection;
using Streaming.Persistence.Redis.Embedded;
using Streaming.Persistence.Redis.Slots;

namespace Streaming.Node.Settings;

/// <summary>The store of snapshots: the Redis that the settings name, or the embedded one.</summary>
public sealed class SnapshotStore : IAsyncDisposable
{
    // What a file that another process has locked is to .NET: EWOULDBLOCK on Linux, ERROR_SHARING_VIOLATION on Windows.
    private const int WouldBlock = 11;
    private const int SharingViolation = unchecked((int)0x80070020);
    private const int DirectoriesMax = 8;

    private readonly EmbeddedRedis? _embedded;
    private readonly RedisConnection _connection;

    private SnapshotStore(string name, EmbeddedRedis? embedded, RedisConnection connection)
    {
        Name = name;
        _embedded = embedded;
        _connection = connection;
        Slots = new RedisShardSlots(connection);
    }

    /// <summary>The same name for the same store, also after a restart.</summary>
    public string Name { get; }

    /// <summary>The slots.</summary>
    public IShardSlots Slots { get; }

    /// <summary>Connects, and starts the embedded server where no other is named.</summary>
    /// <param name="redis">How to connect; an empty connection means the embedded server.</param>
    /// <param name="embedded">The embedded server; without a directory of its own it is beside the log.</param>
    /// <param name="dataDirectory">The directory of the embedded log. Nodes that share it have a store each: redis, redis-2, ...</param>
    /// <param name="waits">Told once if a server that is named does not answer at once.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="Persistence.Redis.SlotStoreException">The store cannot be used; the text says why.</exception>
    public static async Task<SnapshotStore> OpenAsync(
        RedisSettings redis,
        EmbeddedRedisSettings embedded,
        string dataDirectory,
        Action<string>? waits,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(redis);
        if (redis.Connection.Length > 0)
        {
            var text = Encoding.UTF8.GetBytes($"{redis.Connection}\n{redis.Database}\n{redis.KeyPrefix}");
            var name = $"redis-{Convert.ToHexStringLower(SHA256.HashData(text))[..16]}";
            return new SnapshotStore(name, null, await RedisConnection.OpenAsync(redis, waits, cancellation));
        }

        var server = embedded.Directory.Length > 0
            ? await EmbeddedRedis.StartAsync(embedded, cancellation)
            : await StartBesideAsync(embedded, dataDirectory, cancellation);
        try
        {
            return new SnapshotStore(server.DataDirectory, server, await server.ConnectAsync(redis, cancellation));
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private static async Task<EmbeddedRedis> StartBesideAsync(
        EmbeddedRedisSettings embedded, string dataDirectory, CancellationToken cancellation)
    {
        for (var number = 1; ; number++)
        {
            var name = number == 1 ? "redis" : FormattableString.Invariant($"redis-{number}");
            try
            {
                return await EmbeddedRedis.StartAsync(embedded with { Directory = Path.Combine(dataDirectory, name) }, cancellation);
            }
            catch (SlotStoreException used) when (
                number < DirectoriesMax && used.InnerException is IOException { HResult: WouldBlock or SharingViolation })
            {
                // Another node on the same data has it.
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        if (_embedded is not null)
        {
            await _embedded.DisposeAsync();
        }
    }
}
