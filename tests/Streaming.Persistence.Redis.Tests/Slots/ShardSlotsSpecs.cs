using Streaming.Persistence.Conformance;
using Streaming.Persistence.Redis.Connection;
using Streaming.Persistence.Redis.Slots;
using Streaming.Persistence.Redis.Tests.Servers;

namespace Streaming.Persistence.Redis.Tests.Slots;

public abstract class ConnectedSlotsSpec : ShardSlotsConformance
{
    private RedisConnection? _connection;

    protected abstract RedisSettings Settings { get; }

    protected override async Task<IShardSlots> OpenAsync()
    {
        _connection = await RedisConnection.OpenAsync(Settings, Bounded);
        return new RedisShardSlots(_connection);
    }

    public override async Task DisposeAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
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

public sealed class MemoryShardSlotsSpec : ShardSlotsConformance
{
    protected override Task<IShardSlots> OpenAsync() => Task.FromResult<IShardSlots>(new MemoryShardSlots(new()));
}
