// Hot: used per read by the distinct counts.
using System.Numerics;

namespace Streaming.Features.Numerics;

/// <summary>
/// Counts different 64-bit values in scratch memory that each thread keeps: open addressing, cleared by raising a generation,
/// so that a use costs nothing but its own values.
/// </summary>
internal sealed class ValueSet
{
    [ThreadStatic]
    private static ValueSet? s_scratch;

    private long[] _values = new long[256];
    private int[] _generations = new int[256];
    private int _shift = 64 - 8;
    private int _generation;
    private int _count;

    /// <summary>This thread's set, emptied and with room for <paramref name="values"/> values.</summary>
    public static ValueSet Scratch(int values)
    {
        var set = s_scratch ??= new ValueSet();
        set.Reset(values);
        return set;
    }

    /// <summary>Different values added since the set was emptied.</summary>
    public int Count => _count;

    /// <summary>Adds a value; says whether it is new. Never add more than the room asked for.</summary>
    public bool Add(long value)
    {
        var mask = _values.Length - 1;
        var slot = Slot(value, _shift);
        while (_generations[slot] == _generation)
        {
            if (_values[slot] == value)
            {
                return false;
            }

            slot = (slot + 1) & mask;
        }

        _generations[slot] = _generation;
        _values[slot] = value;
        _count++;
        return true;
    }

    /// <summary>
    /// Where to look first: the top bits of a product with 2^64 / golden ratio, after the upper half is folded into the lower. Small
    /// integers, and doubles of small integers whose lower half is zero, spread alike.
    /// </summary>
    internal static int Slot(long value, int shift)
    {
        var bits = (ulong)value;
        return (int)((bits ^ (bits >> 32)) * 0x9E3779B97F4A7C15UL >> shift);
    }

    private void Reset(int values)
    {
        var size = _values.Length;
        while (size < 2 * values)
        {
            size *= 2;
        }

        if (size != _values.Length || _generation == int.MaxValue)
        {
            _values = new long[size];
            _generations = new int[size];
            _shift = 64 - BitOperations.Log2((uint)size);
            _generation = 0;
        }

        _generation++;
        _count = 0;
    }
}
