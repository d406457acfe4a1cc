using System.Globalization;
using Streaming.Persistence.Redis.Connection;

namespace Streaming.Persistence.Redis.Embedded;

/// <summary>
/// A Redis server in this process (Garnet), for those who run none: on the loopback with a password of its own, its data under one
/// directory. What was answered survives a killed process and a full disk; docs/persistence.md says what a power cut costs.
/// </summary>
public sealed class EmbeddedRedis : IAsyncDisposable
{
    private readonly GarnetKeeper _garnet;
    private readonly FileStream _lock;

    private EmbeddedRedis(GarnetKeeper garnet, FileStream lockFile, string directory, string password)
    {
        _garnet = garnet;
        _lock = lockFile;
        DataDirectory = directory;
        Connection = new(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{garnet.Port}")) { Password = password };
    }

    /// <summary>Its directory, as a full path.</summary>
    public string DataDirectory { get; }

    /// <summary>The port that it listens on.</summary>
    public int Port => _garnet.Port;

    /// <summary>How to connect to it, password included.</summary>
    public RedisSettings Connection { get; }

    /// <summary>Starts it over what the directory holds. Recovery may take seconds for each GB.</summary>
    /// <exception cref="SlotStoreException">
    /// Another process has the directory, the port is taken, or the files cannot be read; the text says which.
    /// </exception>
    public static async Task<EmbeddedRedis> StartAsync(EmbeddedRedisSettings settings, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Validate();
        var directory = Path.GetFullPath(settings.Directory);
        var lockFile = EmbeddedRedisFiles.Lock(directory);
        try
        {
            var password = await EmbeddedRedisFiles.PasswordAsync(directory, cancellation);

            // Starting blocks while it recovers.
            var garnet = await Task.Run(() => GarnetKeeper.Start(settings, directory, password), cancellation);
            var embedded = new EmbeddedRedis(garnet, lockFile, directory, password);
            EmbeddedRedisFiles.Restrict(directory);
            return embedded;
        }
        catch
        {
            await lockFile.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Connects to it. While its disk is full, calls fail as an outage that says so; it begins again when there is space.
    /// </summary>
    /// <param name="settings">How; address, user, password and TLS are its own.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<RedisConnection> ConnectAsync(RedisSettings settings, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var own = settings with { Connection = Connection.Connection, Password = Connection.Password, User = string.Empty, Tls = null };
        return RedisConnection.OpenAsync(own, _garnet.FaultAsync, waits: null, cancellation);
    }

    /// <summary>Writes the log's end to the file and stops. Connections are closed.</summary>
    /// <exception cref="SlotStoreException">It has not ended in time, as on a disk that hangs.</exception>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _garnet.DisposeAsync();
            EmbeddedRedisFiles.Restrict(DataDirectory);
        }
        finally
        {
            await _lock.DisposeAsync();
        }
    }
}
