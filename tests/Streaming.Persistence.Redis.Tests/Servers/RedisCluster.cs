using System.Globalization;
using StackExchange.Redis;
using Streaming.Persistence.Redis.Connection;

namespace Streaming.Persistence.Redis.Tests.Servers;

/// <summary>A Redis Cluster of three primaries, on the loopback.</summary>
public sealed class RedisCluster : IAsyncLifetime, IDisposable
{
    private const int HashSlots = 16_384;
    private readonly ClusterNode[] _nodes = [new(), new(), new()];

    public string? SkipReason => _nodes[0].SkipReason;

    /// <summary>Two of the nodes: the client finds the third.</summary>
    public string EndPoints => $"{_nodes[0].EndPoint},{_nodes[1].EndPoint}";

    /// <summary>Settings of a test's own.</summary>
    public RedisSettings Settings => new(EndPoints) { KeyPrefix = $"t{Guid.NewGuid():N}" };

    public async Task InitializeAsync()
    {
        if (SkipReason is not null)
        {
            return;
        }

        await Task.WhenAll(_nodes.Select(node => node.StartAsync()));
        for (var i = 0; i < _nodes.Length; i++)
        {
            await _nodes[i].ExecuteAsync(
                "CLUSTER", "ADDSLOTSRANGE", HashSlots * i / _nodes.Length, (HashSlots * (i + 1) / _nodes.Length) - 1);
            await _nodes[i].ExecuteAsync("CLUSTER", "MEET", "127.0.0.1", _nodes[0].Port, _nodes[0].Bus);
        }

        foreach (var node in _nodes)
        {
            await Eventually.TrueAsync("the cluster is whole", async () => (await node.InfoAsync()).Contains("cluster_state:ok", StringComparison.Ordinal));
        }
    }

    /// <summary>How many keys each node has.</summary>
    public async Task<long[]> KeysAsync() => await Task.WhenAll(_nodes.Select(node => node.KeysAsync()));

    public Task DisposeAsync() => Task.WhenAll(_nodes.Select(node => node.DisposeAsync()));

    public void Dispose()
    {
        foreach (var node in _nodes)
        {
            node.Dispose();
        }
    }

    private sealed class ClusterNode : RedisServer
    {
        /// <summary>The port on which nodes talk to one another.</summary>
        public int Bus { get; } = FreePort();

        public async Task<string> InfoAsync() => (string)(await AskAsync("CLUSTER", "INFO"))!;

        public async Task<long> KeysAsync() => (long)await AskAsync("DBSIZE");

        protected override string[] Arguments() =>
            [.. base.Arguments(), "--cluster-enabled", "yes", "--cluster-port", Bus.ToString(CultureInfo.InvariantCulture)];

        private async Task<RedisResult> AskAsync(string command, params object[] arguments)
        {
            await using var client = await ConnectionMultiplexer.ConnectAsync($"{EndPoint},allowAdmin=true");
            return await client.GetServers().Single(server => server.EndPoint.ToString() == EndPoint).ExecuteAsync(command, arguments);
        }
    }
}
