using System.Collections.Immutable;
using Streaming.Engine.Checkpoints;
using Streaming.Log;

namespace Streaming.Engine.Tests.Checkpoints;

/// <summary>A slot's fence.</summary>
internal readonly record struct ModelToken(int Epoch, int Owner);

/// <summary>
/// A slot: the fence, the writes since it was taken, the manifest and the snapshots. Its taking is for the model's own checks: no two are
/// the same, also where tokens are.
/// </summary>
internal sealed record ModelSlot(
    ModelToken Token, int Taking, int Writes, ShardManifest? Manifest, ImmutableDictionary<int, ModelState> Snapshots);

/// <summary>The slots with all that they were: a failover or a backup brings an earlier one back.</summary>
internal sealed class ModelStore(ModelTwin twin)
{
    private static readonly ModelSlot s_empty = new(default, 0, 0, null, ImmutableDictionary<int, ModelState>.Empty);
    private readonly List<ModelSlot>[] _slots = [[s_empty], [s_empty]];
    private int _takings;

    public static TopicPartition Partition(int number) => new("events", number);

    public ModelSlot this[int shard] => _slots[shard][^1];

    public ModelSlot Take(int shard)
    {
        var owner = ++_takings;
        var token = new ModelToken(this[shard].Token.Epoch + 1, twin == ModelTwin.TokenWithoutOwner ? 0 : owner);
        var taken = this[shard] with { Token = token, Taking = owner, Writes = 0 };
        _slots[shard].Add(taken);
        return taken;
    }

    /// <summary>Whether the store takes a writer for the owner.</summary>
    public bool Accepts(int shard, ModelToken token, int writes) =>
        twin == ModelTwin.NoToken
        || (this[shard].Token == token && (twin == ModelTwin.WritesNotCounted || this[shard].Writes == writes));

    /// <summary>Whether a writer is the owner, and nothing that it wrote was lost.</summary>
    public bool IsOwner(int shard, int taking, int writes) => this[shard].Taking == taking && this[shard].Writes == writes;

    /// <summary>False, and nothing changed, where the token is not the slot's.</summary>
    public bool TryWrite(int shard, ModelToken token, int writes, Func<ModelSlot, ModelSlot> change)
    {
        if (!Accepts(shard, token, writes))
        {
            return false;
        }

        _slots[shard].Add(change(this[shard]) with { Writes = this[shard].Writes + 1 });
        return true;
    }

    /// <summary>The last writes are lost.</summary>
    public void Lose(int shard, int writes)
    {
        var left = Math.Max(1, _slots[shard].Count - writes);
        _slots[shard].RemoveRange(left, _slots[shard].Count - left);
    }

    public void Damage(int entity)
    {
        var shard = ModelLog.ShardOf(entity);
        _slots[shard].Add(this[shard] with { Snapshots = this[shard].Snapshots.SetItem(entity, ModelState.Damaged) });
    }

    public int WritesOf(int shard) => _slots[shard].Count;

    /// <summary>What is wrong with a slot; null for nothing.</summary>
    public string? Fault(ModelLog log, int shard)
    {
        var slot = this[shard];
        for (var entity = shard; entity < ModelLog.Entities; entity += ModelLog.Shards)
        {
            var snapshot = slot.Snapshots.GetValueOrDefault(entity);
            if (snapshot == ModelState.Damaged)
            {
                continue;
            }

            if (!snapshot.IsFoldOf(log, entity))
            {
                return $"the snapshot of {entity} is not the fold of its events: {snapshot}";
            }

            for (var partition = 0; partition < ModelLog.Partitions; partition++)
            {
                var durable = slot.Manifest?.Durable[Partition(partition)] ?? default;
                if ((log.Fold(partition, entity, durable.Offset) & ~snapshot.Events(partition)) != 0)
                {
                    return $"slot {shard} vouches for {durable.Offset} of partition {partition}, and {entity} is {snapshot}";
                }

                if (durable.WatermarkMillis != 10 * durable.Offset)
                {
                    return $"slot {shard} has another watermark beside offset {durable.Offset}";
                }
            }
        }

        return null;
    }
}
