using Streaming.Persistence.Redis;
using Streaming.Persistence.Redis.Slots;

namespace Streaming.Persistence.Conformance;

/// <summary>
/// What every store of slots does. A store's own spec inherits it and opens the store; each test has slots of its own, by their type.
/// </summary>
public abstract partial class ShardSlotsConformance : IAsyncLifetime
{
    private readonly string _type = $"card-{Guid.NewGuid():N}";
    private IShardSlots? _slots;

    /// <summary>The store under test.</summary>
    protected IShardSlots Slots => _slots ?? throw new InvalidOperationException("The store is not open.");

    /// <summary>No test waits longer than this.</summary>
    protected static CancellationToken Bounded => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    /// <summary>Why this store cannot be tested here; null when it can.</summary>
    protected virtual string? SkipReason => null;

    /// <summary>
    /// Opens the store of this test, with no generations in it; called again, the same store as another node sees it.
    /// </summary>
    protected abstract Task<IShardSlots> OpenAsync();

    /// <summary>Notes what a slot holds, its fence at least. The result brings it back, as a failover to a replica that lags does.</summary>
    protected abstract Task<Func<Task>> BackUpAsync(SlotAddress address);

    /// <inheritdoc/>
    public async Task InitializeAsync() => _slots = SkipReason is null ? await OpenAsync() : null;

    /// <inheritdoc/>
    public virtual Task DisposeAsync() => Task.CompletedTask;

    [SkippableFact]
    public async Task A_slot_that_never_was_is_taken_with_epoch_1_and_has_no_manifest()
    {
        var owner = Guid.NewGuid();
        var slot = await TakeAsync(owner: owner);
        Assert.Equal(new SlotToken(1, owner), slot.Token);
        Assert.Null(slot.Manifest);
        Assert.Null(await slot.LoadAsync("k", Bounded));
        Assert.Empty(await AllAsync(slot));
    }

    [SkippableFact]
    public async Task Each_take_raises_the_epoch_and_finds_the_manifest()
    {
        var first = await TakeAsync();
        await first.WriteManifestAsync(new byte[] { 1, 0, 255 }, Bounded);
        var second = await TakeAsync();
        Assert.Equal(2, second.Token.Epoch);
        Assert.Equal(new byte[] { 1, 0, 255 }, second.Manifest!.Value.ToArray());
        Assert.Equal(3, (await TakeAsync()).Token.Epoch);
    }

    [SkippableFact]
    public async Task Every_write_of_an_earlier_owner_is_refused_names_the_holder_and_changes_nothing()
    {
        var zombie = await TakeAsync();
        await zombie.WriteAsync(Entries(("a", "old"), ("b", "old")), Bounded);
        await zombie.WriteManifestAsync("old"u8.ToArray(), Bounded);
        var owner = await TakeAsync();
        Func<Task>[] writes =
        [
            () => zombie.WriteAsync(Entries(("a", "new"), ("c", "new")), Bounded),
            () => zombie.WriteManifestAsync("new"u8.ToArray(), Bounded),
            () => zombie.DeleteAsync(Keys("a"), Bounded),
        ];
        foreach (var write in writes)
        {
            var refusal = await Assert.ThrowsAsync<SlotFencedException>(write);
            Assert.Equal((owner.Token, zombie.Token, owner.Address), (refusal.Holder, refusal.Own, refusal.Address));
        }

        Assert.Equal([("a", "old"), ("b", "old")], await AllAsync(owner));
        Assert.Equal("old"u8.ToArray(), (await Slots.ReadManifestAsync(owner.Address, Bounded))!.Value.ToArray());
    }

    /// <summary>A failover can lose the last writes and keep the token: who goes on would vouch for what is not there.</summary>
    [SkippableFact]
    public async Task A_slot_that_has_lost_writes_of_its_owner_refuses_it()
    {
        var owner = await TakeAsync();
        await owner.WriteAsync(Entries(("a", "old")), Bounded);
        var failOver = await BackUpAsync(owner.Address);
        await owner.WriteAsync(Entries(("a", "new")), Bounded);
        await failOver();
        Func<Task>[] calls =
        [
            () => owner.LoadAsync("a", Bounded),
            () => AllAsync(owner),
            () => owner.WriteAsync(Entries(("b", "new")), Bounded),
            () => owner.WriteManifestAsync("new"u8.ToArray(), Bounded),
            () => owner.DeleteAsync(Keys("a"), Bounded),
        ];
        foreach (var call in calls)
        {
            var refusal = await Assert.ThrowsAsync<SlotFencedException>(call);
            Assert.Contains("has lost writes", refusal.Message, StringComparison.Ordinal);
        }

        Assert.False(await owner.CheckAsync(Bounded));
        Assert.Null((await TakeAsync()).Manifest);
    }

    /// <summary>After a failover that lost a take, two owners can have the same epoch.</summary>
    [SkippableFact]
    public async Task The_same_owner_has_another_token_after_taking_again()
    {
        var owner = Guid.NewGuid();
        var first = await TakeAsync(owner: owner);
        await TakeAsync(owner: owner);
        await Assert.ThrowsAsync<SlotFencedException>(() => first.WriteAsync(Entries(("a", "x")), Bounded));
    }

    [SkippableFact]
    public async Task Checking_says_whether_the_slot_is_still_ours()
    {
        var first = await TakeAsync();
        Assert.True(await first.CheckAsync(Bounded));
        var second = await TakeAsync();
        Assert.False(await first.CheckAsync(Bounded));
        Assert.True(await second.CheckAsync(Bounded));
    }

    /// <summary>Whoever takes a slot reads the manifest that will stand until it writes one.</summary>
    [SkippableFact]
    public async Task Nothing_is_written_between_a_take_and_the_manifest_that_it_read()
    {
        RequireStore();
        var other = await OpenAsync();
        for (var round = 0; round < 100; round++)
        {
            var old = await TakeAsync(shard: round);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Bounded);
            var writing = WriteUntilRefusedAsync(old, stop.Token);
            var owner = await other.TakeAsync(old.Address, Guid.NewGuid(), Bounded);
            await writing;
            var left = await Slots.ReadManifestAsync(owner.Address, Bounded);
            Assert.Equal(owner.Manifest?.ToArray(), left?.ToArray());
        }
    }

    /// <summary>A take reads the fence and writes it: nothing may come between.</summary>
    [SkippableFact]
    public async Task Of_many_takes_at_once_each_has_an_epoch_of_its_own()
    {
        RequireStore();
        IShardSlots[] nodes = [Slots, await OpenAsync(), await OpenAsync(), await OpenAsync()];
        var address = (await TakeAsync()).Address;
        var taken = await Task.WhenAll(Enumerable.Range(0, 4_000).Select(
            number => Task.Run(() => nodes[number % nodes.Length].TakeAsync(address, Guid.NewGuid(), Bounded))));
        Assert.Equal(Enumerable.Range(2, taken.Length).Select(epoch => (long)epoch), taken.Select(slot => slot.Token.Epoch).Order());
    }

    [SkippableTheory]
    [InlineData(-1, "card", 0)]
    [InlineData(0, "card", -1)]
    [InlineData(0, "", 0)]
    [InlineData(0, "a.b", 0)]
    [InlineData(0, "a}b", 0)]
    public async Task An_address_that_would_make_a_wrong_key_is_refused(long generation, string type, int shard)
    {
        RequireStore();
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Slots.TakeAsync(new(generation, type, shard), Guid.NewGuid(), Bounded));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Slots.ReadAsync(new(generation, type, shard), "k", Bounded));
    }

    [SkippableFact]
    public async Task A_cancelled_call_ends_as_cancelled()
    {
        var slot = await TakeAsync();
        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slot.WriteAsync(Entries(("a", "x")), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slot.WriteManifestAsync("m"u8.ToArray(), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Slots.TakeAsync(slot.Address, Guid.NewGuid(), cancelled));

        // Whatever became of them, the slot goes on as far as it is ours.
        var again = await TakeAsync();
        await again.WriteAsync(Entries(("a", "y")), Bounded);
        Assert.Equal([("a", "y")], await AllAsync(again));
    }

    /// <summary>Takes a slot of this test.</summary>
    protected Task<IShardSlot> TakeAsync(int shard = 0, long generation = 7, Guid? owner = null)
    {
        RequireStore();
        return Slots.TakeAsync(new(generation, _type, shard), owner ?? Guid.NewGuid(), Bounded);
    }

    /// <summary>Skips where there is no store.</summary>
    protected void RequireStore() => Skip.If(SkipReason is not null, SkipReason);

    private static async Task WriteUntilRefusedAsync(IShardSlot slot, CancellationToken stop)
    {
        try
        {
            for (var number = 0; ; number++)
            {
                await slot.WriteManifestAsync(BitConverter.GetBytes(number), stop);

                // A store in memory completes at once.
                await Task.Yield();
            }
        }
        catch (SlotFencedException)
        {
            // The end that is waited for.
        }
    }
}
