// Hot: one look-up per read of an entity.
using System.Collections.Concurrent;
using Streaming.Features.Events;

namespace Streaming.Engine.Deliveries;

/// <summary>The entities of one type in this process, by key. Actors add and remove themselves; look-ups take no lock.</summary>
internal sealed class EntityDirectory
{
    private readonly ConcurrentDictionary<byte[], EntityHandle> _handles = new(Utf8KeyComparer.Instance);
    private readonly ConcurrentDictionary<byte[], EntityHandle>.AlternateLookup<ReadOnlySpan<byte>> _byBytes;

    public EntityDirectory() => _byBytes = _handles.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>The entities; the enumeration may miss concurrent changes.</summary>
    public IEnumerable<EntityHandle> Handles
    {
        get
        {
            foreach (var (_, handle) in _handles)
            {
                yield return handle;
            }
        }
    }

    /// <summary>The entity with a key, if it is in this process.</summary>
    public bool TryGet(ReadOnlySpan<byte> key, out EntityHandle handle)
    {
        var found = _byBytes.TryGetValue(key, out var value);
        handle = value!;
        return found;
    }

    /// <summary>Adds an entity; an earlier instance of it is retired.</summary>
    public void Add(EntityHandle handle)
    {
        if (_handles.TryGetValue(handle.Key, out var earlier))
        {
            earlier.Retire();
        }

        _handles[handle.Key] = handle;
    }

    /// <summary>Removes all, whose actors have stopped.</summary>
    public void Clear() => _handles.Clear();

    /// <summary>Removes an entity, unless a later instance has replaced it.</summary>
    public void Remove(EntityHandle handle)
    {
        handle.Retire();
        _handles.TryRemove(new KeyValuePair<byte[], EntityHandle>(handle.Key, handle));
    }
}
