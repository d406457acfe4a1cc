using Streaming.Persistence.Redis.Connection;
using Streaming.Persistence.Redis.Slots;
using Streaming.Persistence.Redis.Tests.Servers;

namespace Streaming.Persistence.Redis.Tests.Slots;

/// <summary>A server that dies, freezes, forgets or never was. Each test has one of its own.</summary>
public sealed class OutageSpec : IAsyncLifetime, IDisposable
{
    private static readonly SlotAddress s_address = new(1, "card", 0);
    private readonly RedisServer _server = new();

    private static CancellationToken Bounded => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    public void Dispose() => _server.Dispose();

    [SkippableFact]
    public async Task After_kill_9_of_the_server_calls_are_an_outage_and_work_again_when_it_is_back()
    {
        Skip.If(_server.SkipReason is not null, _server.SkipReason);
        await using var connection = await RedisConnection.OpenAsync(_server.Settings, Bounded);
        var slot = await new RedisShardSlots(connection).TakeAsync(s_address, Guid.NewGuid(), Bounded);
        await slot.WriteAsync(Entry("a", 1), Bounded);

        // appendfsync everysec: what was written to the file outlives the process.
        await _server.KillAsync();
        var outage = await Assert.ThrowsAsync<SlotStoreException>(() => slot.WriteAsync(Entry("a", 2), Bounded));
        Assert.True(outage.Retriable, outage.Message);
        Assert.Contains($"Redis {_server.EndPoint}: writing snapshots of slot 1.card.0 failed", outage.Message, StringComparison.Ordinal);

        await _server.StartAsync();
        await Eventually.TrueAsync("the slot writes again", () => TryAsync(() => slot.WriteAsync(Entry("b", 3), Bounded)));
        Assert.Equal(1, await ValueAsync(slot, "a"));
        Assert.Equal(3, await ValueAsync(slot, "b"));
        Assert.True(await slot.CheckAsync(Bounded));
    }

    /// <summary>
    /// The frozen server has the first write in its buffers and does it when it goes on. Without a new epoch the order of the two would be
    /// luck.
    /// </summary>
    [SkippableFact]
    public async Task A_write_that_timed_out_cannot_land_on_a_later_one()
    {
        Skip.If(_server.SkipReason is not null, _server.SkipReason);
        await using var connection = await RedisConnection.OpenAsync(_server.Settings, Bounded);
        var slot = await new RedisShardSlots(connection).TakeAsync(s_address, Guid.NewGuid(), Bounded);
        await slot.WriteAsync(Entry("a", 1), Bounded);
        var before = slot.Token;
        await _server.FreezeAsync(freeze: true);
        var outage = await Assert.ThrowsAsync<SlotStoreException>(() => slot.WriteAsync(Entry("a", 2), Bounded));
        Assert.True(outage.Retriable, outage.Message);
        await _server.FreezeAsync(freeze: false);
        await Eventually.TrueAsync("the slot writes again", () => TryAsync(() => slot.WriteAsync(Entry("a", 3), Bounded)));
        Assert.Equal(3, await ValueAsync(slot, "a"));
        Assert.Equal(before.Owner, slot.Token.Owner);
        Assert.True(slot.Token.Epoch > before.Epoch, $"{before} and then {slot.Token}");
    }

    [SkippableFact]
    public async Task A_slot_taken_during_an_unclear_write_is_lost_to_the_first_owner()
    {
        Skip.If(_server.SkipReason is not null, _server.SkipReason);
        await using var connection = await RedisConnection.OpenAsync(_server.Settings, Bounded);
        var slots = new RedisShardSlots(connection);
        var slot = await slots.TakeAsync(s_address, Guid.NewGuid(), Bounded);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slot.WriteAsync(Entry("a", 1), new(canceled: true)));
        var other = await slots.TakeAsync(s_address, Guid.NewGuid(), Bounded);
        var refusal = await Assert.ThrowsAsync<SlotFencedException>(() => slot.WriteAsync(Entry("a", 2), Bounded));
        Assert.Equal(other.Token, refusal.Holder);
        Assert.False(await slot.CheckAsync(Bounded));
    }

    [SkippableFact]
    public async Task Scripts_that_the_server_forgot_are_sent_again()
    {
        Skip.If(_server.SkipReason is not null, _server.SkipReason);
        await using var connection = await RedisConnection.OpenAsync(_server.Settings, Bounded);
        var slots = new RedisShardSlots(connection);
        var slot = await slots.TakeAsync(s_address, Guid.NewGuid(), Bounded);
        for (var round = 1; round <= 3; round++)
        {
            await connection.Database.ExecuteAsync("SCRIPT", "FLUSH");
            await slot.WriteAsync(Entry("a", (byte)round), Bounded);
            await slot.WriteManifestAsync(new[] { (byte)round }, Bounded);
            Assert.Equal(round, await ValueAsync(slot, "a"));
        }

        await connection.Database.ExecuteAsync("SCRIPT", "FLUSH");
        await slots.TakeAsync(s_address, Guid.NewGuid(), Bounded);
        await connection.Database.ExecuteAsync("SCRIPT", "FLUSH");
        await Assert.ThrowsAsync<SlotFencedException>(() => slot.WriteAsync(Entry("a", 9), Bounded));
    }

    [SkippableFact]
    public async Task A_store_that_was_emptied_refuses_its_owner()
    {
        Skip.If(_server.SkipReason is not null, _server.SkipReason);
        await using var connection = await RedisConnection.OpenAsync(_server.Settings, Bounded);
        var slot = await new RedisShardSlots(connection).TakeAsync(s_address, Guid.NewGuid(), Bounded);
        await _server.ExecuteAsync("FLUSHALL");
        var refusal = await Assert.ThrowsAsync<SlotFencedException>(() => slot.WriteAsync(Entry("a", 1), Bounded));
        Assert.Null(refusal.Holder);
        Assert.Contains("the store was emptied", refusal.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_server_that_became_a_replica_is_an_outage_and_the_client_looks_for_the_primary()
    {
        Skip.If(_server.SkipReason is not null, _server.SkipReason);
        await using var connection = await RedisConnection.OpenAsync(_server.Settings, Bounded);
        var slot = await new RedisShardSlots(connection).TakeAsync(s_address, Guid.NewGuid(), Bounded);
        await _server.ExecuteAsync("REPLICAOF", "127.0.0.1", "1");
        var outage = await Assert.ThrowsAsync<SlotStoreException>(() => slot.WriteAsync(Entry("a", 1), Bounded));
        Assert.True(outage.Retriable, outage.Message);
        Assert.True(connection.Reconfigurations > 0, outage.Message);
        Assert.Contains("replica", outage.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_never_was_is_an_outage_within_the_bound()
    {
        var settings = new RedisSettings($"127.0.0.1:{RedisServer.FreePort()}") { CallTimeout = TimeSpan.FromSeconds(1), ConnectTimeout = TimeSpan.FromSeconds(1) };
        await using var connection = await RedisConnection.OpenAsync(settings, Bounded);
        Assert.False(connection.IsConnected);
        var outage = await Assert.ThrowsAsync<SlotStoreException>(() => new RedisShardSlots(connection).ReadAsync(s_address, "a", Bounded));
        Assert.True(outage.Retriable, outage.Message);
    }

    private static SlotEntry[] Entry(string key, byte value) => [new(key, new[] { value })];

    private static async Task<int> ValueAsync(IShardSlot slot, string key) => (await slot.LoadAsync(key, Bounded))!.Value.Span[0];

    private static async Task<bool> TryAsync(Func<Task> call)
    {
        try
        {
            await call();
            return true;
        }
        catch (SlotStoreException e) when (e.Retriable)
        {
            return false;
        }
    }
}
