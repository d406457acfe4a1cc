using System.Buffers.Binary;
using System.Text;

namespace Streaming.Features.State;

/// <summary>Takes values from bytes in order. Past the end it yields zeros and remembers that it failed.</summary>
internal ref struct StateReader(ReadOnlySpan<byte> bytes)
{
    private const int VarintBytes = 10;
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Whether more was asked for than there was.</summary>
    public bool Failed { get; private set; }

    /// <summary>Whether everything was taken.</summary>
    public readonly bool AtEnd => _rest.IsEmpty;

    /// <summary>Bytes left.</summary>
    public readonly int Remaining => _rest.Length;

    /// <summary>Marks the content as wrong.</summary>
    public void Fail() => Failed = true;

    public int Int() => Take(sizeof(int)) is { IsEmpty: false } taken ? BinaryPrimitives.ReadInt32LittleEndian(taken) : 0;

    public long Long() => Take(sizeof(long)) is { IsEmpty: false } taken ? BinaryPrimitives.ReadInt64LittleEndian(taken) : 0;

    /// <summary>A number of things that follow, each of which takes at least one byte.</summary>
    public int Count()
    {
        var count = Int();
        if (count < 0 || count > _rest.Length)
        {
            Failed |= count != 0;
            return 0;
        }

        return count;
    }

    public string Text() => Encoding.UTF8.GetString(Take(Count()));

    public long[] Words(int count)
    {
        var taken = Take(count * sizeof(long));
        var words = new long[taken.Length / sizeof(long)];
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = BinaryPrimitives.ReadInt64LittleEndian(taken[(i * sizeof(long))..]);
        }

        return words;
    }

    public byte Byte() => Take(1) is { IsEmpty: false } taken ? taken[0] : (byte)0;

    /// <summary>As <see cref="StateWriter.Varint"/> writes it.</summary>
    public ulong Varint()
    {
        var value = 0UL;
        for (var i = 0; i < _rest.Length && i < VarintBytes; i++)
        {
            value |= (ulong)(_rest[i] & 0x7F) << (7 * i);
            if (_rest[i] <= 0x7F)
            {
                _rest = _rest[(i + 1)..];
                return value;
            }
        }

        Failed = true;
        return 0;
    }

    public long Signed() => Unzigzag(Varint());

    /// <summary>As <see cref="StateWriter.Word"/> writes it.</summary>
    public long Word() => Varint() switch
    {
        PackedWords.Raw => Long(),
        PackedWords.None => long.MinValue,
        var small => Unzigzag(small - PackedWords.FirstSmall),
    };

    /// <summary>A packed number of things that follow, each of which takes at least some bytes.</summary>
    public int PackedCount(int bytesEach = 1)
    {
        var count = Varint();
        if (count > (ulong)(_rest.Length / bytesEach))
        {
            Failed = true;
            return 0;
        }

        return (int)count;
    }

    public string PackedText() => Encoding.UTF8.GetString(Take(PackedCount()));

    /// <summary>A number from 0 to 2^31 - 1.</summary>
    public int PackedInt()
    {
        var value = Varint();
        Failed |= value > int.MaxValue;
        return (int)(value & int.MaxValue);
    }

    internal static long Unzigzag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            Failed = true;
            return default;
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
