// Hot: every byte of every event passes here.
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text.Unicode;

namespace Streaming.Contracts.Codecs;

/// <summary>
/// Avro's binary encoding over a span. The first fault sticks and moves to the end, where every further read is a fault, too:
/// compiled code needs no check after each field, and a hostile event costs no more than a good one.
/// </summary>
internal ref partial struct AvroReader
{
    /// <summary>Items without bytes (nulls) that one block may announce; nothing else bounds them.</summary>
    private const int MaxEmptyItems = 65_536;

    private readonly ReadOnlySpan<byte> _bytes;
    private int _position;
    private DecodeFault _fault;

    /// <param name="bytes">The payload.</param>
    /// <param name="origin">Where the payload starts in the buffer that text columns point into.</param>
    public AvroReader(ReadOnlySpan<byte> bytes, int origin = 0)
    {
        _bytes = bytes;
        Origin = origin;
    }

    public int Origin { get; }

    public readonly DecodeFault Fault => _fault;

    /// <summary>The next byte, counted from the payload's first.</summary>
    public readonly int Position => _position;

    private readonly int Remaining => _bytes.Length - _position;

    /// <summary>Call after the last field.</summary>
    public readonly DecodeFault Finish() =>
        _fault.Kind != DecodeFaultKind.None ? _fault
        : _position != _bytes.Length ? new DecodeFault(DecodeFaultKind.TrailingBytes, _position)
        : default;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Fail(DecodeFaultKind kind, int position)
    {
        if (_fault.Kind == DecodeFaultKind.None)
        {
            _fault = new DecodeFault(kind, position);
        }

        _position = _bytes.Length;
    }

    /// <summary>For compiled code: the reader's schema has no type for this branch or field.</summary>
    public void FailUnreadable() => Fail(DecodeFaultKind.UnreadableBranch, _position);

    public bool ReadBoolean()
    {
        if (_position >= _bytes.Length)
        {
            Fail(DecodeFaultKind.Truncated, _position);
            return false;
        }

        var value = _bytes[_position];
        if (value > 1)
        {
            Fail(DecodeFaultKind.InvalidBoolean, _position);
            return false;
        }

        _position++;
        return value == 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long ReadLong()
    {
        if (_position < _bytes.Length && _bytes[_position] < 0x80)
        {
            uint one = _bytes[_position++];
            return (int)(one >> 1) ^ -(int)(one & 1);
        }

        return ReadLongSlowly();
    }

    public int ReadInt()
    {
        var at = _position;
        var value = ReadLong();
        if (value != (int)value)
        {
            Fail(DecodeFaultKind.IntegerTooLong, at);
            return 0;
        }

        return (int)value;
    }

    public float ReadFloat()
    {
        var at = Take(4);
        return at < 0 ? 0 : BinaryPrimitives.ReadSingleLittleEndian(_bytes.Slice(at, 4));
    }

    public double ReadDouble()
    {
        var at = Take(8);
        return at < 0 ? 0 : BinaryPrimitives.ReadDoubleLittleEndian(_bytes.Slice(at, 8));
    }

    /// <summary>Where a text lies, counted from the payload's first byte.</summary>
    public int ReadTextSlice(out int length)
    {
        var start = ReadSlice(out length);
        if (!Utf8.IsValid(_bytes.Slice(start, length)))
        {
            Fail(DecodeFaultKind.InvalidUtf8, start);
            length = 0;
        }

        return start;
    }

    /// <summary>Where bytes lie, counted from the payload's first byte.</summary>
    public int ReadSlice(out int length)
    {
        var at = _position;
        var announced = ReadLong();
        if ((ulong)announced > (ulong)Remaining)
        {
            Fail(announced < 0 ? DecodeFaultKind.NegativeLength : DecodeFaultKind.LengthBeyondEnd, at);
            length = 0;
            return 0;
        }

        length = (int)announced;
        var start = _position;
        _position += length;
        return start;
    }

    /// <summary>A union's branch, from 0 to below <paramref name="branches"/>; -1 after a fault.</summary>
    public int ReadBranch(int branches)
    {
        var at = _position;
        var branch = ReadLong();
        if ((ulong)branch >= (ulong)branches)
        {
            Fail(DecodeFaultKind.UnknownBranch, at);
        }

        return _fault.Kind == DecodeFaultKind.None ? (int)branch : -1;
    }

    /// <summary>An enum's symbol as the reader numbers it; -1 after a fault.</summary>
    public int ReadSymbol(int[] writerToReader)
    {
        var at = _position;
        var symbol = ReadLong();
        if ((ulong)symbol >= (ulong)writerToReader.Length)
        {
            Fail(DecodeFaultKind.UnknownSymbol, at);
            return -1;
        }

        if (_fault.Kind == DecodeFaultKind.None && writerToReader[symbol] < 0)
        {
            Fail(DecodeFaultKind.UnreadableSymbol, at);
        }

        return _fault.Kind == DecodeFaultKind.None ? writerToReader[symbol] : -1;
    }

    private int Take(int count)
    {
        if (count > Remaining)
        {
            Fail(DecodeFaultKind.Truncated, _position);
            return -1;
        }

        var at = _position;
        _position += count;
        return at;
    }

    /// <summary>A negative count has the block's size in bytes after it; <paramref name="bytes"/> is -1 without one.</summary>
    private int ReadBlockHead(int minItemBytes, out int bytes)
    {
        bytes = -1;
        var at = _position;
        var count = ReadLong();
        if (count < 0)
        {
            bytes = ReadBlockBytes();
            count = unchecked(-count);
        }

        var most = minItemBytes == 0 ? MaxEmptyItems : Remaining / minItemBytes;
        if ((ulong)count > (ulong)most)
        {
            Fail(DecodeFaultKind.LengthBeyondEnd, at);
        }

        if (_fault.Kind != DecodeFaultKind.None)
        {
            bytes = -1;
            return 0;
        }

        return (int)count;
    }

    private int ReadBlockBytes()
    {
        var at = _position;
        var bytes = ReadLong();
        if ((ulong)bytes > (ulong)Remaining)
        {
            Fail(bytes < 0 ? DecodeFaultKind.NegativeLength : DecodeFaultKind.LengthBeyondEnd, at);
            return -1;
        }

        return (int)bytes;
    }

    /// <summary>Two to ten bytes of seven bits each, the lowest first; zigzag.</summary>
    private long ReadLongSlowly()
    {
        var at = _position;
        ulong bits = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (_position >= _bytes.Length)
            {
                Fail(DecodeFaultKind.Truncated, at);
                return 0;
            }

            var next = _bytes[_position++];
            bits |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                if (shift == 63 && next > 1)
                {
                    break;
                }

                return (long)(bits >> 1) ^ -(long)(bits & 1);
            }
        }

        Fail(DecodeFaultKind.IntegerTooLong, at);
        return 0;
    }
}
