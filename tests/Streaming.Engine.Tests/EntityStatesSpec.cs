using System.Collections.Immutable;
using System.Text;
using Akka.Actor;
using Streaming.Engine.Checkpoints;
using Streaming.Engine.Deliveries;
using Streaming.Engine.Entities;
using Streaming.Features.State;
using Streaming.Persistence.Conformance;
using Streaming.Persistence.Redis;
using Streaming.Persistence.Redis.Slots;

namespace Streaming.Engine.Tests;

/// <summary>Going through all states of a type (replay --verify) while its shards are still being loaded: no entity is missed.</summary>
public sealed class EntityStatesSpec
{
    private readonly MemoryStore _store = new();
    private readonly EntityType _type;
    private readonly byte[] _state;

    public EntityStatesSpec()
    {
        var plan = TestFeatures.Catalog.FindEntity("card")!;
        _type = new EntityType(plan, 2, new Residency(1_000, 1 << 20, TimeSpan.FromDays(1), TimeProvider.System), isDirect: true);
        _state = StateBytes.ToArray(new EntityState(plan));
    }

    [Fact]
    public async Task A_shard_that_opens_and_is_loaded_while_it_is_waited_for_is_read_from_memory()
    {
        var (first, second) = (await SlotAsync(0, "a"), await SlotAsync(1, "b"));
        var reading = ReadAsync();
        foreach (var (shard, slot, key) in new[] { (_type.Shards[0], first, "a"), (_type.Shards[1], second, "b") })
        {
            shard.AddCold(Encoding.UTF8.GetBytes(key), _state);
            shard.SetWhole(shard.Departures);
            shard.Open(Opening(slot));
        }

        Assert.Equal(["a", "b"], await reading);
    }

    /// <summary>Its snapshot came to memory behind the look there, as one that memory never shows.</summary>
    [Fact]
    public async Task A_shard_whose_loading_ends_while_states_are_read_is_read_from_its_slot()
    {
        var (first, second) = (await SlotAsync(0, "a"), await SlotAsync(1, "b"));
        _type.Shards[0].Open(Opening(first));
        var reading = ReadAsync();
        _type.Shards[0].SetWhole(_type.Shards[0].Departures);
        _type.Shards[1].Open(Opening(second));

        Assert.Equal(["a", "b"], await reading);
    }

    private static ShardOpening Opening(IShardSlot slot) => new(slot, ActorRefs.Nobody, Marks.None);

    private async Task<IShardSlot> SlotAsync(int shard, string key)
    {
        var slot = await new MemoryShardSlots(_store).TakeAsync(new SlotAddress(1, "card", shard), Guid.NewGuid(), CancellationToken.None);
        await slot.WriteAsync(new[] { new SlotEntry(key, _state) }, CancellationToken.None);
        return slot;
    }

    private async Task<ImmutableSortedSet<string>> ReadAsync()
    {
        var keys = ImmutableSortedSet<string>.Empty;
        var states = new EntityStates(_type, new StateBound(TimeSpan.FromSeconds(30), TimeProvider.System));
        await foreach (var (key, _) in states.ReadAsync(CancellationToken.None))
        {
            keys = keys.Add(Encoding.UTF8.GetString(key));
        }

        return keys;
    }
}
