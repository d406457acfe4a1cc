using Streaming.Persistence.Conformance;
using Streaming.Persistence.Redis.Slots;

namespace Streaming.Persistence.Redis.Tests.Slots;

/// <summary>The faults of the store in memory are those of a real one.</summary>
public sealed class MemoryFaultsSpec
{
    private static readonly SlotAddress s_address = new(1, "card", 0);
    private readonly MemoryStore _store = new();

    [Fact]
    public async Task An_outage_fails_calls_until_it_ends_and_changes_nothing()
    {
        var slot = await TakeAsync();
        _store.Outage = "unplugged";
        var outage = await Assert.ThrowsAsync<SlotStoreException>(() => WriteAsync(slot, 1));
        Assert.True(outage.Retriable);
        Assert.Contains("unplugged", outage.Message, StringComparison.Ordinal);
        _store.Outage = null;
        Assert.Null(await slot.LoadAsync("a", CancellationToken.None));
        await WriteAsync(slot, 2);
    }

    [Fact]
    public async Task A_write_whose_answer_is_lost_has_happened()
    {
        var slot = await TakeAsync();
        _store.AnswersToLose = 1;
        await Assert.ThrowsAsync<SlotStoreException>(() => WriteAsync(slot, 1));
        Assert.Equal(1, await ValueAsync(slot));
    }

    [Fact]
    public async Task A_write_that_was_held_lands_later_but_not_on_a_later_write()
    {
        var slot = await TakeAsync();
        _store.ChangesToHold = 1;
        await Assert.ThrowsAsync<SlotStoreException>(() => WriteAsync(slot, 1));
        _store.LandHeld();
        Assert.Equal(1, await ValueAsync(slot));

        _store.ChangesToHold = 1;
        await Assert.ThrowsAsync<SlotStoreException>(() => WriteAsync(slot, 2));
        await WriteAsync(slot, 3);
        _store.LandHeld();
        Assert.Equal(3, await ValueAsync(slot));
    }

    [Fact]
    public async Task A_failover_loses_the_last_changes_also_a_take_and_the_tokens_still_differ()
    {
        var first = await TakeAsync();
        await WriteAsync(first, 1);
        await WriteAsync(first, 2);
        var lost = await TakeAsync();
        _store.LoseLast(2);
        await Assert.ThrowsAsync<SlotFencedException>(() => WriteAsync(first, 4));
        var second = await TakeAsync();
        Assert.Equal(lost.Token.Epoch, second.Token.Epoch);
        await Assert.ThrowsAsync<SlotFencedException>(() => WriteAsync(lost, 5));
        Assert.Equal(1, await ValueAsync(second));
    }

    [Fact]
    public async Task A_backup_takes_the_place_of_everything()
    {
        var slot = await TakeAsync();
        await WriteAsync(slot, 1);
        var copy = _store.Copy();
        await WriteAsync(slot, 2);
        _store.Restore(copy);
        Assert.Equal(1, await ValueAsync(await TakeAsync()));
        _store.Empty();
        await Assert.ThrowsAsync<SlotFencedException>(() => WriteAsync(slot, 3));
    }

    [Fact]
    public async Task A_delay_lasts_until_the_test_ends_it_or_the_call_is_cancelled()
    {
        var slot = await TakeAsync();
        var gate = new TaskCompletionSource();
        _store.Delay = gate.Task.WaitAsync;
        var writing = WriteAsync(slot, 1);
        Assert.False(writing.IsCompleted);
        using var stop = new CancellationTokenSource();
        var cancelled = slot.LoadAsync("a", stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        gate.SetResult();
        await writing;
        Assert.Equal(1, await ValueAsync(slot));
    }

    private Task<IShardSlot> TakeAsync() => new MemoryShardSlots(_store).TakeAsync(s_address, Guid.NewGuid(), CancellationToken.None);

    private static Task WriteAsync(IShardSlot slot, byte value) =>
        slot.WriteAsync(new SlotEntry[] { new("a", new[] { value }) }, CancellationToken.None);

    private static async Task<int> ValueAsync(IShardSlot slot) => (await slot.LoadAsync("a", CancellationToken.None))!.Value.Span[0];
}
