using Streaming.Persistence.Redis.Slots;

namespace Streaming.Persistence.Conformance;

/// <summary>Generations: created, switched, deleted.</summary>
public abstract partial class ShardSlotsConformance
{
    [SkippableFact]
    public async Task A_generation_has_the_record_of_its_creation()
    {
        RequireStore();
        Assert.Null(await Slots.Generations.RecordAsync(3, Bounded));
        Assert.True(await Slots.Generations.CreateAsync(3, new byte[] { 0, 1, 255 }, Bounded));
        Assert.False(await Slots.Generations.CreateAsync(3, "other"u8.ToArray(), Bounded));
        Assert.True(await Slots.Generations.CreateAsync(12, "twelve"u8.ToArray(), Bounded));
        Assert.Equal(new byte[] { 0, 1, 255 }, (await Slots.Generations.RecordAsync(3, Bounded))!.Value.ToArray());
        Assert.Equal([3L, 12L], await Slots.Generations.ListAsync(Bounded));
    }

    [SkippableFact]
    public async Task The_live_generation_is_switched_only_by_who_saw_the_one_before()
    {
        RequireStore();
        Assert.Null(await Slots.Generations.LiveAsync(Bounded));
        await Slots.Generations.CreateAsync(1, "1"u8.ToArray(), Bounded);
        await Slots.Generations.CreateAsync(2, "2"u8.ToArray(), Bounded);
        Assert.True(await Slots.Generations.SwitchAsync(null, 1, Bounded));
        Assert.False(await Slots.Generations.SwitchAsync(null, 2, Bounded));
        Assert.True(await Slots.Generations.SwitchAsync(1, 2, Bounded));
        Assert.False(await Slots.Generations.SwitchAsync(1, 1, Bounded));
        Assert.Equal(2, await Slots.Generations.LiveAsync(Bounded));
    }

    [SkippableFact]
    public async Task Of_many_who_switch_at_once_one_does()
    {
        RequireStore();
        await Slots.Generations.CreateAsync(1, "1"u8.ToArray(), Bounded);
        var switched = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Slots.Generations.SwitchAsync(null, 1, Bounded)));
        Assert.Equal(1, switched.Count(won => won));
    }

    [SkippableFact]
    public async Task A_generation_without_a_record_never_answers()
    {
        RequireStore();
        await Assert.ThrowsAsync<ArgumentException>(() => Slots.Generations.SwitchAsync(null, 9, Bounded));
        Assert.Null(await Slots.Generations.LiveAsync(Bounded));
    }

    [SkippableFact]
    public async Task A_generation_is_deleted_with_all_that_its_slots_hold_and_no_other()
    {
        RequireStore();
        await Slots.Generations.CreateAsync(1, "1"u8.ToArray(), Bounded);
        await Slots.Generations.CreateAsync(2, "2"u8.ToArray(), Bounded);
        var slots = new List<IShardSlot>();
        foreach (var (shard, generation) in new[] { (0, 1L), (1, 1L), (0, 2L) })
        {
            var slot = await TakeAsync(shard, generation);
            await slot.WriteAsync(Entries(("a", "1")), Bounded);
            await slot.WriteManifestAsync("m"u8.ToArray(), Bounded);
            slots.Add(slot);
        }

        Assert.True(await Slots.Generations.DeleteAsync(1, Bounded));
        foreach (var deleted in slots[..2])
        {
            Assert.Null(await Slots.ReadAsync(deleted.Address, "a", Bounded));
            Assert.Null(await Slots.ReadManifestAsync(deleted.Address, Bounded));
            var refusal = await Assert.ThrowsAsync<SlotFencedException>(() => deleted.WriteAsync(Entries(("a", "zombie")), Bounded));
            Assert.Null(refusal.Holder);
        }

        Assert.Equal([2L], await Slots.Generations.ListAsync(Bounded));
        Assert.Null(await Slots.Generations.RecordAsync(1, Bounded));
        Assert.Equal([("a", "1")], await AllAsync(slots[2]));
        Assert.True(await Slots.Generations.DeleteAsync(1, Bounded));
    }

    [SkippableFact]
    public async Task The_live_generation_is_not_deleted()
    {
        RequireStore();
        await Slots.Generations.CreateAsync(7, "7"u8.ToArray(), Bounded);
        await Slots.Generations.SwitchAsync(null, 7, Bounded);
        var slot = await TakeAsync();
        await slot.WriteAsync(Entries(("a", "1")), Bounded);
        Assert.False(await Slots.Generations.DeleteAsync(7, Bounded));
        Assert.Equal([("a", "1")], await AllAsync(slot));
        Assert.Equal([7L], await Slots.Generations.ListAsync(Bounded));
    }
}
