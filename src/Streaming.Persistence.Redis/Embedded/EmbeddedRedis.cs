using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Garnet;
using Streaming.Persistence.Redis.Connection;

namespace Streaming.Persistence.Redis.Embedded;

/// <summary>
/// A Redis server in this process (Garnet), for those who run none: on the loopback with a password of its own, its data under one
/// directory. What was answered survives a killed process; docs/persistence.md says what a power cut costs.
/// </summary>
public sealed class EmbeddedRedis : IAsyncDisposable
{
    private const UnixFileMode OwnerFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int PortTries = 5;
    private readonly GarnetServer _server;
    private readonly FileStream _lock;

    private EmbeddedRedis(GarnetServer server, FileStream lockFile, string directory, int port, string password)
    {
        _server = server;
        _lock = lockFile;
        DataDirectory = directory;
        Port = port;
        Connection = new(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}")) { Password = password };
    }

    /// <summary>Its directory, as a full path.</summary>
    public string DataDirectory { get; }

    /// <summary>The port that it listens on.</summary>
    public int Port { get; }

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
        var lockFile = Lock(directory);
        try
        {
            var password = await PasswordAsync(Path.Combine(directory, "password"), cancellation);

            // Starting blocks while it recovers.
            var (server, port) = await Task.Run(() => Start(settings, directory, password), cancellation);
            var embedded = new EmbeddedRedis(server, lockFile, directory, port, password);
            RestrictFiles(directory);
            return embedded;
        }
        catch
        {
            await lockFile.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes the log's end to the file and stops. Connections are closed.</summary>
    public async ValueTask DisposeAsync()
    {
        using (var bound = new CancellationTokenSource(TimeSpan.FromSeconds(10)))
        {
            await _server.Store.CommitAOFAsync(bound.Token);
        }

        await Task.Run(_server.Dispose);
        RestrictFiles(DataDirectory);
        await _lock.DisposeAsync();
    }

    private static FileStream Lock(string directory)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(directory);
            }
            else
            {
                Directory.CreateDirectory(directory, OwnerFolder);
            }

            return new(Path.Combine(directory, "lock"), Private(FileMode.OpenOrCreate));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SlotStoreException(
                $"The embedded Redis cannot use {directory}: {e.Message} Each process needs a directory of its own " +
                "(streaming.redis.embedded.directory), that it may write.",
                retriable: false,
                e);
        }
    }

    /// <summary>The password that was made at the first start.</summary>
    private static async Task<string> PasswordAsync(string path, CancellationToken cancellation)
    {
        if (File.Exists(path))
        {
            return (await File.ReadAllTextAsync(path, cancellation)).Trim();
        }

        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        await using var file = new FileStream(path, Private(FileMode.CreateNew));
        await file.WriteAsync(System.Text.Encoding.ASCII.GetBytes(password), cancellation);
        return password;
    }

    /// <summary>A file for its owner alone, and for one process at a time.</summary>
    private static FileStreamOptions Private(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerFile;
        }

        return options;
    }

    private static (GarnetServer Server, int Port) Start(EmbeddedRedisSettings settings, string directory, string password)
    {
        for (var tries = 1; ; tries++)
        {
            var port = settings.Port > 0 ? settings.Port : FreePort();
            GarnetServer? server = null;
            try
            {
                server = new(GarnetArguments.Of(settings, directory, port, password));
                server.Start();
                return (server, port);
            }
            catch (SocketException) when (settings.Port == 0 && tries < PortTries)
            {
                // Another took the port that was free a moment ago.
                server?.Dispose();
            }
#pragma warning disable CA1031 // Garnet throws bare exceptions, too.
            catch (Exception e)
#pragma warning restore CA1031
            {
                server?.Dispose();
                throw new SlotStoreException(
                    $"The embedded Redis did not start on 127.0.0.1:{port} over {directory}: {e.Message} Look at the port " +
                    "(streaming.redis.embedded.port), the space on the disk and the files; docs/persistence.md has the ways out.",
                    retriable: false,
                    e);
            }
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    // Garnet makes files by the process's umask; the directory, which only its owner enters, protects those that it makes later.
    private static void RestrictFiles(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        foreach (var file in Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories))
        {
            try
            {
                File.SetUnixFileMode(file, OwnerFile);
            }
            catch (FileNotFoundException)
            {
                // A checkpoint removes files that the next one replaced.
            }
        }
    }
}
