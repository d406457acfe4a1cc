using Akka.Actor;
using Streaming.Engine.Checkpoints;
using Streaming.Engine.Deliveries;
using Streaming.Persistence.Conformance;
using Streaming.Persistence.Redis;
using Streaming.Persistence.Redis.Slots;

namespace Streaming.Engine.Tests;

/// <summary>What a shard has in memory of an entity without an actor.</summary>
public sealed class ShardFindSpec : IAsyncLifetime
{
    private static readonly byte[] s_key = "card"u8.ToArray();
    private IShardSlot _slot = null!;
    private readonly Residency _residency = new(1_000, 1 << 20, TimeSpan.FromDays(1), TimeProvider.System);

    public async Task InitializeAsync() =>
        _slot = await new MemoryShardSlots(new MemoryStore()).TakeAsync(new SlotAddress(1, "card", 0), Guid.NewGuid(), CancellationToken.None);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public void The_slot_is_to_be_asked_while_it_may_have_more()
    {
        var shard = NewShard();
        Assert.False(shard.TryFind(s_key, out var found));
        Assert.Null(found);

        shard.AddCold(s_key, new byte[] { 1 });
        Assert.True(shard.TryFind(s_key, out found));
        Assert.Equal(1, found!.Value.Span[0]);
    }

    [Fact]
    public void An_entity_of_a_whole_shard_that_is_not_there_has_had_no_events()
    {
        var shard = NewShard();
        shard.SetWhole(shard.Departures);

        Assert.True(shard.TryFind(s_key, out var found));
        Assert.Null(found);
    }

    /// <summary>An entity that began empty then would be without all that its snapshot has.</summary>
    [Fact]
    public async Task A_snapshot_that_is_loaded_beside_the_look_is_found_or_the_slot_is_asked()
    {
        const int Rounds = 20_000;
        var shards = Enumerable.Range(0, Rounds).Select(_ => NewShard()).ToArray();
        var looked = 0;
        var loading = Task.Run(() =>
        {
            for (var round = 0; round < Rounds; round++)
            {
                while (Volatile.Read(ref looked) < round)
                {
                    // Both begin a round at once.
                }

                shards[round].AddCold(s_key, new byte[] { 1 });
                shards[round].SetWhole(0);
            }
        });

        for (var round = 0; round < Rounds; round++)
        {
            Volatile.Write(ref looked, round);
            var isFound = false;
            ReadOnlyMemory<byte>? found = null;
            while (!isFound)
            {
                isFound = shards[round].TryFind(s_key, out found);
            }

            Assert.NotNull(found);
        }

        await loading;
    }

    private Shard NewShard()
    {
        var shard = new Shard(TestFeatures.Catalog.FindEntity("card")!, 0, new EntityDirectory(), _residency);
        shard.Open(new ShardOpening(_slot, ActorRefs.Nobody, Marks.None));
        return shard;
    }
}
