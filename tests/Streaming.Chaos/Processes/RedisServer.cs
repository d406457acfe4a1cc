using System.Diagnostics;
using System.Globalization;
using StackExchange.Redis;

namespace Streaming.Chaos.Processes;

/// <summary>A redis-server on the loopback with an append-only file, behind a proxy that faults are put on.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(30);
    private readonly string _folder;
    private readonly int _port = FreePort.Find();
    private ChildProcess? _process;

    private RedisServer(string folder)
    {
        _folder = folder;
        Proxy = new TcpProxy(() => _port);
    }

    /// <summary>What nodes connect to.</summary>
    public TcpProxy Proxy { get; }

    /// <summary>How nodes connect.</summary>
    public string Connection => FormattableString.Invariant($"127.0.0.1:{Proxy.Port}");

    /// <summary>Why none can be started here; null where one can.</summary>
    public static string? Missing => Program is null ? "there is no redis-server on the PATH" : null;

    private static string? Program => Repository.Program("redis-server");

    /// <summary>Starts one over an empty folder.</summary>
    public static async Task<RedisServer> StartAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        var server = new RedisServer(folder);
        await server.StartAsync();
        return server;
    }

    /// <summary>Starts it over what the folder holds.</summary>
    public async Task StartAsync()
    {
        string[] arguments =
        [
            "--dir", _folder, "--bind", "127.0.0.1", "--port", _port.ToString(CultureInfo.InvariantCulture), "--save", "", "--appendonly", "yes",
        ];
        _process = new ChildProcess(new ProcessStartInfo(Program!, arguments));
        var clock = Stopwatch.StartNew();
        while (!await AnswersAsync())
        {
            if (_process.HasExited || clock.Elapsed > s_startLimit)
            {
                throw new InvalidOperationException($"redis-server does not answer on {_port}: {_process.Output}");
            }

            await Task.Delay(20);
        }
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        await _process!.DisposeAsync();
        _process = null;
    }

    /// <summary>SIGSTOP.</summary>
    public Task FreezeAsync() => _process!.FreezeAsync();

    /// <summary>SIGCONT.</summary>
    public Task GoOnAsync() => _process!.GoOnAsync();

    /// <summary>FLUSHALL.</summary>
    public Task EmptyAsync() => ExecuteAsync("FLUSHALL");

    /// <summary>Keeps a copy of its files.</summary>
    public void CopyTo(string folder) => Repository.Copy(_folder, folder);

    /// <summary>Puts a copy in the place of its files. It does not run.</summary>
    public void Restore(string folder)
    {
        Directory.Delete(_folder, recursive: true);
        Repository.Copy(folder, _folder);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        if (_process is not null)
        {
            await KillAsync();
        }
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await ExecuteAsync("PING");
            return true;
        }
        catch (Exception starting) when (starting is RedisException or TimeoutException)
        {
            return false;
        }
    }

    private async Task ExecuteAsync(string command)
    {
        await using var client = await ConnectionMultiplexer.ConnectAsync(
            FormattableString.Invariant($"127.0.0.1:{_port},allowAdmin=true,connectTimeout=500,connectRetry=1"));
        await client.GetDatabase().ExecuteAsync(command);
    }
}
