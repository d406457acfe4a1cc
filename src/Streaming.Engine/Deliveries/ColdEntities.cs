// Hot: one look-up per read of an entity that is not in the directory.
using System.Collections.Concurrent;
using Streaming.Features.Events;

namespace Streaming.Engine.Deliveries;

/// <summary>
/// Entities of a shard that are in memory as their snapshots alone, without an actor: those that have not been touched since the shard
/// opened, and those that rest. Each is as the slot has it. Thread-safe.
/// </summary>
internal sealed class ColdEntities
{
    private readonly ConcurrentDictionary<byte[], ReadOnlyMemory<byte>> _snapshots = new(Utf8KeyComparer.Instance);
    private readonly ConcurrentDictionary<byte[], ReadOnlyMemory<byte>>.AlternateLookup<ReadOnlySpan<byte>> _byBytes;
    private long _bytes;

    public ColdEntities() => _byBytes = _snapshots.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>How many there are.</summary>
    public int Count => _snapshots.Count;

    /// <summary>Bytes of their snapshots.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>All of them; the enumeration may miss concurrent changes.</summary>
    public IEnumerable<KeyValuePair<byte[], ReadOnlyMemory<byte>>> All => _snapshots;

    /// <summary>Removes all.</summary>
    public void Clear()
    {
        foreach (var (key, _) in _snapshots)
        {
            Remove(key);
        }
    }

    /// <summary>Adds a snapshot, over the one that its key had. One caller at a time for a key.</summary>
    /// <returns>Whether its key had none.</returns>
    public bool Add(byte[] key, ReadOnlyMemory<byte> snapshot)
    {
        var replaced = Remove(key);
        Interlocked.Add(ref _bytes, snapshot.Length);
        _snapshots[key] = snapshot;
        return !replaced;
    }

    /// <summary>The snapshot of a key, left where it is.</summary>
    public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> snapshot) => _byBytes.TryGetValue(key, out snapshot);

    /// <summary>Some of the keys, at most so many.</summary>
    public List<byte[]> Take(int count) => [.. _snapshots.Select(static one => one.Key).Take(count)];

    /// <summary>
    /// Removes the snapshot of a key, whose entity is in the directory by now or leaves memory: a reader finds it here or there, or finds
    /// that it may be in the slot.
    /// </summary>
    /// <returns>Whether there was one.</returns>
    public bool Remove(byte[] key)
    {
        var removed = _snapshots.TryRemove(key, out var snapshot);
        if (removed)
        {
            Interlocked.Add(ref _bytes, -snapshot.Length);
        }

        return removed;
    }
}
