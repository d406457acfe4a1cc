using System.Text;
using Streaming.Engine.Checkpoints;
using Streaming.Engine.Shards;
using Streaming.Features.Plans;
using Streaming.Log;
using Streaming.Persistence.Redis;
using Streaming.Persistence.Redis.Slots;

namespace Streaming.Engine.Replays;

/// <summary>What the store of snapshots has of the generation that answers, for those who do not own its slots. Thread-safe.</summary>
public sealed class StoredStates
{
    private readonly IShardSlots _slots;
    private readonly int _shards;

    private StoredStates(IShardSlots slots, long generation, int shards) => (_slots, Generation, _shards) = (slots, generation, shards);

    /// <summary>The generation.</summary>
    public long Generation { get; }

    /// <summary>Finds the generation that answers; null where the store has none, or none that can be read.</summary>
    /// <exception cref="SlotStoreException">The store is out of reach.</exception>
    public static async Task<StoredStates?> OpenAsync(IShardSlots slots, CancellationToken cancellation)
    {
        if (await slots.Generations.LiveAsync(cancellation) is not { } live
            || await slots.Generations.RecordAsync(live, cancellation) is not { } bytes)
        {
            return null;
        }

        try
        {
            return new StoredStates(slots, live, GenerationRecord.Read(bytes.Span).Shards);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>How far an entity is.</summary>
    /// <param name="plan">Its type.</param>
    /// <param name="key">Its key, UTF-8.</param>
    /// <param name="memory">Its state in a running node; null for none.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="SlotStoreException">The store is out of reach.</exception>
    public async Task<EntityTrace> TraceAsync(
        EntityPlan plan, ReadOnlyMemory<byte> key, ReadOnlyMemory<byte>? memory, CancellationToken cancellation)
    {
        var shard = Murmur2.Partition(key.Span, _shards);
        var address = KeeperParts.AddressOf(Generation, plan, shard);

        // The manifest first: what it vouches for is in the snapshot that is read after it.
        var manifest = await ManifestAsync(address, cancellation);
        var snapshot = await _slots.ReadAsync(address, Encoding.UTF8.GetString(key.Span), cancellation);
        return new EntityTrace(
            Generation,
            shard,
            EntityTrace.AppliedOf(plan, memory),
            EntityTrace.AppliedOf(plan, snapshot),
            manifest?.Flush ?? 0,
            [.. (manifest?.Durable ?? Marks.None).ByPartition.Select(Durable)]);
    }

    private static DurableMark Durable(KeyValuePair<TopicPartition, PartitionMark> mark) =>
        new(mark.Key.Topic, mark.Key.Partition, mark.Value.Offset);

    private async Task<ShardManifest?> ManifestAsync(SlotAddress address, CancellationToken cancellation)
    {
        try
        {
            return await _slots.ReadManifestAsync(address, cancellation) is { } bytes ? ManifestBytes.Read(bytes.Span) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
