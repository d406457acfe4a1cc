// Hot: one probe per event of an entity with many ids.
using System.Numerics;

namespace Streaming.Features.State;

/// <summary>
/// A hash table over the places of ids, for entities that have many: a few are searched one by one, which is as fast and takes no room.
/// </summary>
internal sealed class IdIndex
{
    private const int Many = 96;

    // A place plus one; 0 is free. At most half full.
    private readonly int[] _slots;

    private IdIndex(int slots) => _slots = new int[slots];

    /// <summary>Bytes in memory.</summary>
    public int MemoryBytes => _slots.Length * sizeof(int);

    /// <summary>An index of the first ids; null where they are few.</summary>
    /// <param name="old">The index that there was; its room is used again where it fits.</param>
    /// <param name="ids">The columns of the ids.</param>
    /// <param name="count">How many there are.</param>
    public static IdIndex? Of(IdIndex? old, long[] ids, int count)
    {
        var capacity = ids.Length / SeenIds.WordsAnId;
        if (capacity < Many)
        {
            return null;
        }

        var slots = (int)BitOperations.RoundUpToPowerOf2((uint)(2 * capacity));
        var index = old?._slots.Length == slots ? old : new IdIndex(slots);
        Array.Clear(index._slots);
        for (var at = 0; at < count; at++)
        {
            index.Add(ids, at);
        }

        return index;
    }

    /// <summary>Adds the id at a place.</summary>
    public void Add(long[] ids, int at)
    {
        var slot = Slot(ids[at]);
        while (_slots[slot] != 0)
        {
            slot = (slot + 1) & (_slots.Length - 1);
        }

        _slots[slot] = at + 1;
    }

    /// <summary>The next place of an id after one that this gave; -1 for none. Places of one id come in the order of their slots.</summary>
    public int Next(long[] ids, int capacity, long low, long high, int after)
    {
        var slot = Slot(low);
        var passed = after < 0;
        for (var probes = 0; probes < _slots.Length && _slots[slot] is not 0 and var place; probes++)
        {
            var at = place - 1;
            if (passed && at < capacity && ids[at] == low && ids[capacity + at] == high)
            {
                return at;
            }

            passed |= at == after;
            slot = (slot + 1) & (_slots.Length - 1);
        }

        return -1;
    }

    private int Slot(long low) => (int)((ulong)low & (uint)(_slots.Length - 1));
}
