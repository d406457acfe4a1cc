// Hot: one look-up per row.
using System.Buffers.Text;
using System.Runtime.InteropServices;
using Streaming.Features.Events;

namespace Streaming.Offline.Backfill;

/// <summary>
/// Numbers entity keys from 0 in the order of their first row. Small whole numbers are looked up in an array, and so are texts that are
/// such a number: one file may hold a key as a number and another as text.
/// </summary>
internal sealed class EntityKeys
{
    private const int DenseKeys = 1 << 22;

    private readonly Dictionary<long, int> _integers = [];
    private readonly Dictionary<byte[], int> _texts = new(Utf8KeyComparer.Instance);
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> _bySpan;
    private int[] _dense = [];

    public EntityKeys() => _bySpan = _texts.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>Different keys so far.</summary>
    public int Count { get; private set; }

    /// <summary>The number of a whole-number key.</summary>
    public int NumberOf(long key)
    {
        if ((ulong)key >= DenseKeys)
        {
            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_integers, key, out var known);
            return known ? number : number = Count++;
        }

        if (key >= _dense.Length)
        {
            Array.Resize(ref _dense, (int)Math.Max(key + 1, 2L * _dense.Length));
        }

        return (_dense[key] != 0 ? _dense[key] : _dense[key] = ++Count) - 1;
    }

    /// <summary>The number of a text key.</summary>
    public int NumberOf(ReadOnlySpan<byte> key)
    {
        if (IsWholeNumber(key, out var integer))
        {
            return NumberOf(integer);
        }

        if (!_bySpan.TryGetValue(key, out var number))
        {
            number = Count++;
            _texts.Add(key.ToArray(), number);
        }

        return number;
    }

    // Only as a number would be written: '007' is another key than '7'.
    private static bool IsWholeNumber(ReadOnlySpan<byte> key, out long number)
    {
        number = 0;
        return key is [(>= (byte)'1' and <= (byte)'9') or (byte)'-', ..] or [(byte)'0']
            && Utf8Parser.TryParse(key, out number, out var used)
            && used == key.Length
            && (key[0] != (byte)'-' || key is [_, >= (byte)'1', ..]);
    }
}
