using System.Globalization;
using StackExchange.Redis;
using Streaming.Persistence.Redis.Connection;

namespace Streaming.Persistence.Redis.Tests.Servers;

/// <summary>A primary, a replica, and a sentinel that watches them, on the loopback.</summary>
public sealed class RedisSentinel : IAsyncLifetime, IDisposable
{
    private readonly RedisServer _first = new();
    private readonly RedisServer _second = new();
    private readonly SentinelServer _sentinel = new();

    public string? SkipReason => _first.SkipReason;

    public RedisSettings Settings => new($"{_sentinel.EndPoint},serviceName=main")
    {
        ConnectTimeout = TimeSpan.FromSeconds(2),
        CallTimeout = TimeSpan.FromSeconds(2),
    };

    public async Task InitializeAsync()
    {
        if (SkipReason is not null)
        {
            return;
        }

        await Task.WhenAll(_first.StartAsync(), _second.StartAsync());
        await _second.ExecuteAsync("REPLICAOF", "127.0.0.1", _first.Port);
        _sentinel.Watches = _first.Port;
        await _sentinel.StartAsync();
        await Eventually.TrueAsync("the sentinel knows the replica", async () => (await AskAsync("SENTINEL", "REPLICAS", "main")).Length == 1);
    }

    /// <summary>The primary dies (SIGKILL) and stays away; the replica takes its place.</summary>
    public async Task FailOverAsync()
    {
        await _first.KillAsync();
        await Eventually.TrueAsync(
            "the replica is the primary",
            async () => (string?)(await AskAsync("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "main"))[1] == _second.Port.ToString(CultureInfo.InvariantCulture));
    }

    public Task DisposeAsync() => Task.WhenAll(_first.DisposeAsync(), _second.DisposeAsync(), _sentinel.DisposeAsync());

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
        _sentinel.Dispose();
    }

    private async Task<RedisResult[]> AskAsync(string command, params object[] arguments)
    {
        var options = ConfigurationOptions.Parse($"{_sentinel.EndPoint},allowAdmin=true");
        options.CommandMap = CommandMap.Sentinel;
        await using var client = await ConnectionMultiplexer.ConnectAsync(options);
        return (RedisResult[])(await client.GetServers()[0].ExecuteAsync(command, arguments))!;
    }

    private sealed class SentinelServer : RedisServer
    {
        /// <summary>The primary's port.</summary>
        public int Watches { get; set; }

        protected override string[] Launch()
        {
            // A sentinel writes what it learns into its own file.
            var file = Path.Combine(Folder, "sentinel.conf");
            File.WriteAllText(file, string.Create(CultureInfo.InvariantCulture, $"""
                port {Port}
                bind 127.0.0.1
                dir {Folder}
                sentinel monitor main 127.0.0.1 {Watches} 1
                sentinel down-after-milliseconds main 500
                sentinel failover-timeout main 10000

                """));
            return [file, "--sentinel"];
        }
    }
}
