using Streaming.Persistence.Redis.Connection;
using Streaming.Persistence.Redis.Slots;
using Streaming.Persistence.Redis.Tests.Servers;

namespace Streaming.Persistence.Redis.Tests.Slots;

/// <summary>Servers that are found by Sentinel, and a primary that dies.</summary>
public sealed class SentinelSpec : IAsyncLifetime, IDisposable
{
    private static readonly SlotAddress s_address = new(1, "card", 0);
    private readonly RedisSentinel _servers = new();

    private static CancellationToken Bounded => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    public Task InitializeAsync() => _servers.InitializeAsync();

    public Task DisposeAsync() => _servers.DisposeAsync();

    public void Dispose() => _servers.Dispose();

    [SkippableFact]
    public async Task After_a_failover_the_owner_writes_on_to_the_new_primary()
    {
        Skip.If(_servers.SkipReason is not null, _servers.SkipReason);
        await using var connection = await RedisConnection.OpenAsync(_servers.Settings, Bounded);
        var slot = await new RedisShardSlots(connection).TakeAsync(s_address, Guid.NewGuid(), Bounded);
        await slot.WriteAsync(Entry("a", 1), Bounded);
        await slot.WriteManifestAsync(new byte[] { 9 }, Bounded);
        await WaitAsync(connection);

        await _servers.FailOverAsync();
        await Eventually.TrueAsync("the slot writes again", () => TryAsync(() => slot.WriteAsync(Entry("b", 2), Bounded)));
        Assert.Equal(1, (await slot.LoadAsync("a", Bounded))!.Value.Span[0]);
        Assert.Equal(2, (await slot.LoadAsync("b", Bounded))!.Value.Span[0]);
        Assert.True(await slot.CheckAsync(Bounded));
    }

    // The replica has all that was written: what it lacks is tested by ShardSlotsConformance.
    private static Task WaitAsync(RedisConnection connection) => Eventually.TrueAsync(
        "the replica has all", async () => (int)await connection.Database.ExecuteAsync("WAIT", 1, 500) == 1);

    private static SlotEntry[] Entry(string key, byte value) => [new(key, new[] { value })];

    private static async Task<bool> TryAsync(Func<Task> write)
    {
        try
        {
            await write();
            return true;
        }
        catch (SlotStoreException outage) when (outage.Retriable)
        {
            return false;
        }
    }
}
