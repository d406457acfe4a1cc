using System.Collections.Immutable;
using Akka.Actor;
using Streaming.Features.Plans;
using Streaming.Log;

namespace Streaming.Engine.Deliveries;

/// <summary>One entity type: its shards and entities in this process.</summary>
internal sealed class EntityType
{
    private volatile IActorRef _region = ActorRefs.Nobody;

    /// <param name="plan">The type.</param>
    /// <param name="shards">How many shards it has.</param>
    /// <param name="residency">What this node has in memory.</param>
    /// <param name="isDirect">Whether sources look at the shards, instead of hearing of them.</param>
    public EntityType(EntityPlan plan, int shards, Residency residency, bool isDirect)
    {
        Plan = plan;
        Shards = [.. Enumerable.Range(0, shards).Select(number => new Shard(plan, number, Directory, residency))];
        Words = [.. Shards.Select(shard => new ShardWord(plan.Name, shard.Number, isDirect ? shard : null))];
    }

    /// <summary>The type's views and feeds.</summary>
    public EntityPlan Plan { get; }

    /// <summary>The shards, by number.</summary>
    public ImmutableArray<Shard> Shards { get; }

    /// <summary>What the sources of this node know of the shards, by number.</summary>
    public ImmutableArray<ShardWord> Words { get; }

    /// <summary>The region of its shards; nobody until it has started.</summary>
    public IActorRef Region
    {
        get => _region;
        set => _region = value;
    }

    /// <summary>The entities in this process.</summary>
    public EntityDirectory Directory { get; } = new();

    /// <summary>Lets go of all states: the type is retired.</summary>
    public void Forget()
    {
        Directory.Clear();
        foreach (var shard in Shards)
        {
            shard.Cold.Clear();
        }
    }

    /// <summary>The shard of a key.</summary>
    public Shard ShardOf(ReadOnlySpan<byte> key) => Shards[Murmur2.Partition(key, Shards.Length)];
}
