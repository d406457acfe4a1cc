// Hot: one look-up per read of an entity that is not in the directory.
using System.Collections.Concurrent;
using Streaming.Features.Events;

namespace Streaming.Engine.Deliveries;

/// <summary>
/// Entities of a shard that are in memory as their snapshots alone, without an actor: those that have not been touched since the shard
/// opened. Thread-safe.
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

    /// <summary>Adds a snapshot, over the one that its key had.</summary>
    public void Add(byte[] key, ReadOnlyMemory<byte> snapshot)
    {
        Interlocked.Add(ref _bytes, snapshot.Length);
        _snapshots.AddOrUpdate(
            key,
            static (_, added) => added.Snapshot,
            static (_, before, added) =>
            {
                Interlocked.Add(ref added.Cold._bytes, -before.Length);
                return added.Snapshot;
            },
            (Cold: this, Snapshot: snapshot));
    }

    /// <summary>The snapshot of a key, left where it is.</summary>
    public bool TryGet(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> snapshot) => _byBytes.TryGetValue(key, out snapshot);

    /// <summary>Removes the snapshot of a key, whose entity is in the directory by now: a reader finds it here or there.</summary>
    public void Remove(byte[] key)
    {
        if (_snapshots.TryRemove(key, out var snapshot))
        {
            Interlocked.Add(ref _bytes, -snapshot.Length);
        }
    }
}
