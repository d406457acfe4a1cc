using Streaming.Persistence.Conformance;
using Streaming.Persistence.Redis.Connection;
using Streaming.Persistence.Redis.Slots;
using Streaming.Persistence.Redis.Tests.Servers;

namespace Streaming.Persistence.Redis.Tests.Slots;

public abstract class ConnectedSlotsSpec : ShardSlotsConformance
{
    private readonly List<RedisConnection> _connections = [];
    private RedisSettings? _settings;

    protected abstract RedisSettings Settings { get; }

    protected override async Task<IShardSlots> OpenAsync()
    {
        _settings ??= Settings;
        _connections.Add(await RedisConnection.OpenAsync(_settings, Bounded));
        return new RedisShardSlots(_connections[^1]);
    }

    protected override async Task<Func<Task>> BackUpAsync(SlotAddress address)
    {
        var (database, fence) = (_connections[^1].Database, new SlotKeys(_settings!.KeyPrefix).Fence(address));
        var held = await database.StringGetAsync(fence);
        return () => database.StringSetAsync(fence, held);
    }

    public override async Task DisposeAsync()
    {
        foreach (var connection in _connections)
        {
            await connection.DisposeAsync();
        }
    }
}

public sealed class RedisShardSlotsSpec(RedisServer server) : ConnectedSlotsSpec, IClassFixture<RedisServer>
{
    protected override string? SkipReason => server.SkipReason;

    protected override RedisSettings Settings => server.Settings;
}

public sealed class GarnetShardSlotsSpec(GarnetServerFixture server) : ConnectedSlotsSpec, IClassFixture<GarnetServerFixture>
{
    protected override RedisSettings Settings => server.Settings;
}

public sealed class ClusterShardSlotsSpec(RedisCluster cluster) : ConnectedSlotsSpec, IClassFixture<RedisCluster>
{
    protected override string? SkipReason => cluster.SkipReason;

    protected override RedisSettings Settings => cluster.Settings;

    [SkippableFact]
    public async Task The_slots_of_a_type_lie_on_all_nodes_and_each_on_one()
    {
        for (var shard = 0; shard < 24; shard++)
        {
            var slot = await Slots.TakeAsync(new SlotAddress(7, "spread", shard), Guid.NewGuid(), Bounded);
            await slot.WriteAsync(new SlotEntry[] { new("a", new byte[] { 1 }) }, Bounded);
        }

        Assert.All(await cluster.KeysAsync(), keys => Assert.True(keys > 0));
    }
}

public sealed class MemoryShardSlotsSpec : ShardSlotsConformance
{
    private readonly MemoryStore _store = new();

    protected override Task<IShardSlots> OpenAsync() => Task.FromResult<IShardSlots>(new MemoryShardSlots(_store));

    protected override Task<Func<Task>> BackUpAsync(SlotAddress address)
    {
        var copy = _store.Copy();
        return Task.FromResult<Func<Task>>(() =>
        {
            _store.Restore(copy);
            return Task.CompletedTask;
        });
    }
}
