// Hot: every event that this system writes passes here.
using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace Streaming.Contracts.Codecs;

/// <summary>
/// Avro's binary encoding into one growing array that is used again and again. Not thread-safe. As an
/// <see cref="IBufferWriter{T}"/> it can also take other bytes, such as the wire format's head.
/// </summary>
public sealed class AvroBuffer : IBufferWriter<byte>
{
    private byte[] _bytes;

    /// <param name="capacity">Bytes to make room for at first.</param>
    public AvroBuffer(int capacity = 512) => _bytes = new byte[Math.Max(16, capacity)];

    /// <summary>Bytes written since the start or the last <see cref="Clear"/>.</summary>
    public int Length { get; private set; }

    /// <summary>What was written; valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>The array whose first <see cref="Length"/> bytes were written; valid until the next write.</summary>
    public byte[] Array => _bytes;

    /// <summary>Forgets what was written and keeps the memory.</summary>
    public void Clear() => Length = 0;

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_bytes.Length - Length), nameof(count));
        Length += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(1, sizeHint));
        return _bytes.AsMemory(Length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(1, sizeHint));
        return _bytes.AsSpan(Length);
    }

    /// <summary>One byte, 0 or 1.</summary>
    public void WriteBoolean(bool value)
    {
        Reserve(1);
        _bytes[Length++] = value ? (byte)1 : (byte)0;
    }

    /// <summary>Zigzag, then seven bits a byte, the lowest first; an int is written alike.</summary>
    public void WriteLong(long value)
    {
        Reserve(10);
        var bits = (ulong)((value << 1) ^ (value >> 63));
        var at = Length;
        while (bits >= 0x80)
        {
            _bytes[at++] = (byte)(bits | 0x80);
            bits >>= 7;
        }

        _bytes[at++] = (byte)bits;
        Length = at;
    }

    /// <summary>Four bytes, little-endian.</summary>
    public void WriteFloat(float value)
    {
        Reserve(4);
        BinaryPrimitives.WriteSingleLittleEndian(_bytes.AsSpan(Length), value);
        Length += 4;
    }

    /// <summary>Eight bytes, little-endian.</summary>
    public void WriteDouble(double value)
    {
        Reserve(8);
        BinaryPrimitives.WriteDoubleLittleEndian(_bytes.AsSpan(Length), value);
        Length += 8;
    }

    /// <summary>A length, then the bytes; UTF-8 text is written alike.</summary>
    public void WriteBytes(ReadOnlySpan<byte> value)
    {
        WriteLong(value.Length);
        WriteRaw(value);
    }

    /// <summary>A length, then UTF-8. A lone surrogate is written as U+FFFD.</summary>
    public void WriteText(string value)
    {
        var bytes = Encoding.UTF8.GetByteCount(value);
        WriteLong(bytes);
        Reserve(bytes);
        Length += Encoding.UTF8.GetBytes(value, _bytes.AsSpan(Length));
    }

    /// <summary>Bytes as they are, without a length.</summary>
    public void WriteRaw(ReadOnlySpan<byte> value)
    {
        Reserve(value.Length);
        value.CopyTo(_bytes.AsSpan(Length));
        Length += value.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Reserve(int more)
    {
        if (_bytes.Length - Length < more)
        {
            Grow(more);
        }
    }

    private void Grow(int more) =>
        System.Array.Resize(ref _bytes, (int)Math.Min(System.Array.MaxLength, Math.Max((long)Length + more, 2L * _bytes.Length)));
}
