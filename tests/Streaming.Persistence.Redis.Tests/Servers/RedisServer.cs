using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;
using Streaming.Persistence.Redis.Connection;

namespace Streaming.Persistence.Redis.Tests.Servers;

/// <summary>A redis-server of the tests' own, on the loopback; where none is installed the tests that need it are skipped and say so.</summary>
public class RedisServer : IAsyncLifetime, IDisposable
{
    private const string Program = "/usr/bin/redis-server";
    private readonly TempFolder _folder = new();
    private Process? _process;

    public string? SkipReason { get; } =
        File.Exists(Program) ? null : $"No {Program}: install Debian's redis-server to run these tests.";

    public int Port { get; } = FreePort();

    public string Folder => _folder.FullName;

    public string EndPoint => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>Settings of a test's own.</summary>
    public virtual RedisSettings Settings => new(EndPoint) { KeyPrefix = $"t{Guid.NewGuid():N}" };

    public virtual async Task InitializeAsync()
    {
        if (SkipReason is null)
        {
            await StartAsync();
        }
    }

    public async Task StartAsync()
    {
        _process = Process.Start(new ProcessStartInfo(Program, Launch())
        {
            RedirectStandardOutput = true,
        })!;
        var port = ReadyPort;
        await Eventually.TrueAsync($"redis-server listens on {port}", () => Listens(port), () => _process.HasExited ? _process.StandardOutput.ReadToEnd() : "no answer");
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>A command of an administrator.</summary>
    public async Task ExecuteAsync(string command, params object[] arguments)
    {
        await using var client = await ConnectionMultiplexer.ConnectAsync($"{EndPoint},allowAdmin=true");
        await client.GetDatabase().ExecuteAsync(command, arguments);
    }

    /// <summary>Freezes the server (SIGSTOP), or lets it go on (SIGCONT).</summary>
    public async Task FreezeAsync(bool freeze)
    {
        using var kill = Process.Start("kill", [freeze ? "-STOP" : "-CONT", _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public async Task DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }
    }

    public void Dispose()
    {
        // Also where a test failed before it stopped a server of its own.
        _process?.Kill();
        _process?.Dispose();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The whole command line.</summary>
    protected virtual string[] Launch() => ["--dir", Folder, "--bind", "127.0.0.1", "--save", "", "--appendonly", "yes", .. Arguments()];

    /// <summary>The server's own arguments.</summary>
    protected virtual string[] Arguments() => ["--port", Port.ToString(CultureInfo.InvariantCulture)];

    /// <summary>The port that tells that it is ready.</summary>
    protected virtual int ReadyPort => Port;

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static bool Listens(int port)
    {
        try
        {
            using var client = new TcpClient("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
