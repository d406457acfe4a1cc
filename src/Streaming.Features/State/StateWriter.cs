// Hot: a snapshot of each entity that has changed, every few seconds.
using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Streaming.Features.State;

/// <summary>Appends values as <see cref="StateReader"/> takes them, to a buffer that <see cref="Dispose"/> gives back.</summary>
internal ref struct StateWriter
{
    private const int VarintBytes = 10;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(4_096);
    private int _length;

    public StateWriter()
    {
    }

    /// <summary>What was written.</summary>
    public readonly ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    public readonly void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    public void Byte(byte value) => Take(1)[0] = value;

    public void Long(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(sizeof(long)), value);

    /// <summary>7 bits a byte, lowest first; the upper bit says that more follow.</summary>
    public void Varint(ulong value)
    {
        var bytes = Room(VarintBytes);
        var i = 0;
        for (; value > 0x7F; value >>= 7)
        {
            bytes[i++] = (byte)(value | 0x80);
        }

        bytes[i++] = (byte)value;
        _length += i;
    }

    /// <summary>A signed number, small where its magnitude is.</summary>
    public void Signed(long value) => Varint(Zigzag(value));

    /// <summary>A word of which nothing is known: short where it is small, or none.</summary>
    public void Word(long value)
    {
        if (value == long.MinValue)
        {
            Byte(PackedWords.None);
        }
        else if (Zigzag(value) < PackedWords.SmallBelow)
        {
            Varint(Zigzag(value) + PackedWords.FirstSmall);
        }
        else
        {
            Byte(PackedWords.Raw);
            Long(value);
        }
    }

    public void Text(string text)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        Varint((ulong)bytes);
        Encoding.UTF8.GetBytes(text, Take(bytes));
    }

    internal static ulong Zigzag(long value) => (ulong)((value << 1) ^ (value >> 63));

    private Span<byte> Take(int count)
    {
        var taken = Room(count)[..count];
        _length += count;
        return taken;
    }

    private Span<byte> Room(int count)
    {
        if (_buffer.Length - _length < count)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(2 * _buffer.Length, _length + count));
            Written.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsSpan(_length);
    }
}
