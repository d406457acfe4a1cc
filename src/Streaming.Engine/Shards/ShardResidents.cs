using Streaming.Engine.Deliveries;

namespace Streaming.Engine.Shards;

/// <summary>
/// The entities of a shard that are in memory: what they take, and which of them leave when all shards together are above the node's
/// ceiling: those without an actor first, then the least recently used. Those that are idle rest. Used by the keeper.
/// </summary>
internal sealed class ShardResidents(Shard shard)
{
    private readonly List<EntityHandle> _entities = [];
    private long _bytes;

    /// <summary>Counts what is there, and lets the surplus leave. After a flush: only what the slot has can leave.</summary>
    public void Look()
    {
        while (shard.TryTakeArrived(out var entity))
        {
            _entities.Add(entity!);
        }

        _entities.RemoveAll(static entity => !entity.IsAlive);
        Measure();
        var surplus = shard.Residency.Surplus(_entities.Count + shard.Cold.Count);
        if (surplus > 0)
        {
            LetActorsLeave(surplus - LetColdLeave(surplus));
            Measure();
        }

        LetRest(shard.Residency.RestUpTo);
    }

    /// <summary>Says how many bytes the shard takes.</summary>
    public void Measure()
    {
        var bytes = shard.Cold.Bytes + ((long)shard.Cold.Count * Residency.ColdBytes);
        foreach (var entity in _entities)
        {
            bytes += (entity.TryState?.MemoryBytes ?? 0) + Residency.ActorBytes;
        }

        shard.Residency.AddBytes(bytes - _bytes);
        _bytes = bytes;
    }

    /// <summary>The keeper ends: the shard is no longer in this node's memory.</summary>
    public void End() => shard.Residency.AddBytes(-_bytes);

    private void LetRest(int upTo)
    {
        var rest = new ShardProtocol.Rest(upTo);
        foreach (var entity in _entities)
        {
            if (entity.LastUsed <= upTo && entity.IsWritten)
            {
                entity.Actor.Tell(rest, Akka.Actor.ActorRefs.NoSender);
            }
        }
    }

    private int LetColdLeave(int count)
    {
        var leaving = shard.Cold.Take(count);
        if (leaving.Count > 0)
        {
            shard.Depart();
        }

        var left = leaving.Count(shard.RemoveCold);
        shard.Residency.CountLeft(left);
        return left;
    }

    private void LetActorsLeave(int count)
    {
        if (count <= 0)
        {
            return;
        }

        var written = _entities.FindAll(static entity => entity.IsWritten).ToArray();
        var uses = Array.ConvertAll(written, static entity => entity.LastUsed);
        Array.Sort(uses, written);
        foreach (var entity in written.AsSpan(0, Math.Min(count, written.Length)))
        {
            entity.Actor.Tell(ShardProtocol.Leave.Instance, Akka.Actor.ActorRefs.NoSender);
        }
    }
}
