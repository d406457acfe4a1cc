using System.Collections.Immutable;
using Streaming.Features.Plans;
using Streaming.Features.State;
using Streaming.Log;

namespace Streaming.Engine.Deliveries;

/// <summary>One entity type: its shards and entities in this process, and the state of all others.</summary>
internal sealed class EntityType(EntityPlan plan, int shards)
{
    /// <summary>The type's views and feeds.</summary>
    public EntityPlan Plan { get; } = plan;

    /// <summary>The shards, by number.</summary>
    public ImmutableArray<Shard> Shards { get; } = [.. Enumerable.Range(0, shards).Select(number => new Shard(plan, number))];

    /// <summary>The entities in this process.</summary>
    public EntityDirectory Directory { get; } = new();

    /// <summary>The state of every entity that has had no events. It is never written to, so all threads may read it.</summary>
    public EntityState Empty { get; } = new(plan);

    /// <summary>The shard of a key.</summary>
    public Shard ShardOf(ReadOnlySpan<byte> key) => Shards[Murmur2.Partition(key, Shards.Length)];
}
