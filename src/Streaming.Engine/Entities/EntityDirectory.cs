// Hot: one look-up per read of an entity.
using System.Collections.Concurrent;
using Streaming.Features.Events;

namespace Streaming.Engine.Entities;

/// <summary>The entities of one type in this process, by key. Actors enter and leave; sources and readers look up, lock-free.</summary>
internal sealed class EntityDirectory
{
    private readonly ConcurrentDictionary<byte[], EntityHandle> _handles = new(Utf8KeyComparer.Instance);
    private readonly ConcurrentDictionary<byte[], EntityHandle>.AlternateLookup<ReadOnlySpan<byte>> _byBytes;

    public EntityDirectory() => _byBytes = _handles.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>The entities; a snapshot that may be out of date at once.</summary>
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

    /// <summary>The entity with a key, if it is here.</summary>
    public bool TryGet(ReadOnlySpan<byte> key, out EntityHandle handle)
    {
        var found = _byBytes.TryGetValue(key, out var value);
        handle = value!;
        return found;
    }

    /// <summary>Makes an entity known; an earlier life of it is retired.</summary>
    public void Enter(EntityHandle handle)
    {
        if (_handles.TryGetValue(handle.Key, out var earlier))
        {
            earlier.Retire();
        }

        _handles[handle.Key] = handle;
    }

    /// <summary>Forgets an entity, unless a later life of it has taken its place.</summary>
    public void Leave(EntityHandle handle)
    {
        handle.Retire();
        _handles.TryRemove(new KeyValuePair<byte[], EntityHandle>(handle.Key, handle));
    }
}
