using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Streaming.Engine.Sources;

/// <summary>
/// The schema ids of a partition's events that the registry has ever given, also before a restart. A registry without such an id has lost
/// it, and events that carry it counted before. Thread-safe: decoding adds ids while the tick reads them.
/// </summary>
internal sealed class KnownSchemas
{
    private readonly ConcurrentDictionary<int, bool> _given = [];

    /// <summary>All of them.</summary>
    public ImmutableSortedSet<int> Ids => [.. _given.Keys];

    /// <summary>The registry has given this id's schema, and events of it are decoded.</summary>
    public void Add(int schemaId) => _given.TryAdd(schemaId, true);

    /// <summary>Those that an earlier process knew.</summary>
    public void Restore(IEnumerable<int> schemaIds)
    {
        foreach (var id in schemaIds)
        {
            Add(id);
        }
    }

    /// <summary>Whether the registry has given it.</summary>
    public bool Contains(int schemaId) => _given.ContainsKey(schemaId);
}
