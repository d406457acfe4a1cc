using System.Buffers.Binary;
using System.Text;
using Streaming.Engine.Checkpoints;
using Streaming.Features.Events;
using Streaming.Log;
using Streaming.Persistence.Redis.Slots;

namespace Streaming.Engine.Wire;

/// <summary>
/// Reads what <see cref="WireWriter"/> wrote. What is cut or damaged ends in an exception (<see cref="WireSerializer"/>), never in a
/// wait or in more memory than the bytes take.
/// </summary>
/// <param name="bytes">The message. Texts of events are not copied out of it.</param>
internal ref struct WireReader(byte[] bytes)
{
    private int _next;

    public byte Byte() => Take(1)[0];

    public bool Flag() => Byte() switch
    {
        0 => false,
        1 => true,
        var other => throw new FormatException($"a flag is {other}"),
    };

    public int Int() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    public long Long() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    public double Double() => BitConverter.Int64BitsToDouble(Long());

    public Guid Guid() => new(Take(16));

    public string? Text()
    {
        var length = Int();
        return length == -1 ? null : Encoding.UTF8.GetString(Take(length));
    }

    public string Name() => Text() ?? throw new FormatException("a text is missing");

    public byte[] Bytes() => Take(Int()).ToArray();

    public SlotToken Token() => new(Long(), Guid());

    public TopicPartition Partition() => new(Name(), Int());

    public PartitionMark Mark() => new(Long(), Long(), Long());

    public ShardStamp Stamp() => new(Token(), Long());

    /// <summary>A count of things that take so many bytes each, at least.</summary>
    public int Count(int bytesEach) => Checked(Int(), bytesEach);

    /// <summary>As <see cref="Count"/>, of a count that is known.</summary>
    public readonly int Checked(int count, int bytesEach)
    {
        return count >= 0 && count <= (bytes.Length - _next) / bytesEach
            ? count
            : throw new FormatException($"{count} of {bytesEach} bytes and more do not fit into what is left of {bytes.Length} bytes");
    }

    /// <summary>One value of a column.</summary>
    public void Cell(EventColumn column, int row)
    {
        switch (column)
        {
            case NumberColumn numbers:
                numbers.Values[row] = Double();
                break;
            case TimeColumn times:
                times.Values[row] = Long();
                break;
            case TextColumn texts:
                Cell(texts, row);
                break;
        }
    }

    /// <summary>Nothing may be left.</summary>
    public readonly void End()
    {
        if (_next != bytes.Length)
        {
            throw new FormatException($"{bytes.Length - _next} bytes are left over");
        }
    }

    private void Cell(TextColumn texts, int row)
    {
        texts.Buffer = bytes;
        var length = Int();
        if (length == -1)
        {
            texts.SetNull(row);
        }
        else
        {
            texts.Set(row, _next, Take(length).Length);
        }
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length < 0 || length > bytes.Length - _next)
        {
            throw new FormatException($"{length} bytes at {_next} are not there: the message has {bytes.Length}");
        }

        _next += length;
        return bytes.AsSpan(_next - length, length);
    }
}
