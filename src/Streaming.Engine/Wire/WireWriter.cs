using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Streaming.Engine.Checkpoints;
using Streaming.Features.Events;
using Streaming.Log;
using Streaming.Persistence.Redis.Slots;

namespace Streaming.Engine.Wire;

/// <summary>Writes the parts of a message, all little-endian; texts and keys as a length and their bytes, -1 for none.</summary>
internal sealed class WireWriter
{
    private readonly ArrayBufferWriter<byte> _output = new(256);

    /// <summary>All that was written.</summary>
    public byte[] ToArray() => _output.WrittenSpan.ToArray();

    public void Byte(byte value) => _output.Write([value]);

    public void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void Int(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_output.GetSpan(sizeof(int)), value);
        _output.Advance(sizeof(int));
    }

    public void Long(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_output.GetSpan(sizeof(long)), value);
        _output.Advance(sizeof(long));
    }

    public void Double(double value) => Long(BitConverter.DoubleToInt64Bits(value));

    public void Guid(Guid value)
    {
        const int Size = 16;
        value.TryWriteBytes(_output.GetSpan(Size));
        _output.Advance(Size);
    }

    public void Text(string? value)
    {
        if (value is null)
        {
            Int(-1);
        }
        else
        {
            Bytes(Encoding.UTF8.GetBytes(value));
        }
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Int(value.Length);
        _output.Write(value);
    }

    public void Token(SlotToken value)
    {
        Long(value.Epoch);
        Guid(value.Owner);
    }

    public void Partition(TopicPartition value)
    {
        Text(value.Topic);
        Int(value.Partition);
    }

    public void Mark(PartitionMark value)
    {
        Long(value.Offset);
        Long(value.WatermarkMillis);
        Long(value.NewestByClockMillis);
    }

    public void Stamp(ShardStamp value)
    {
        Token(value.Token);
        Long(value.Losses);
    }

    /// <summary>One value of a column.</summary>
    public void Cell(EventColumn column, int row)
    {
        switch (column)
        {
            case NumberColumn numbers:
                Double(numbers.Values[row]);
                break;
            case TimeColumn times:
                Long(times.Values[row]);
                break;
            case TextColumn { } texts when texts.IsNull(row):
                Int(-1);
                break;
            case TextColumn texts:
                Bytes(texts[row]);
                break;
        }
    }
}
