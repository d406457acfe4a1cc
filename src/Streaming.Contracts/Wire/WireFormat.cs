// Hot: parsed once per event.
using System.Buffers;
using System.Buffers.Binary;

namespace Streaming.Contracts.Wire;

/// <summary>Confluent's wire format: byte 0, the schema id as four bytes big-endian, then Avro binary.</summary>
public static class WireFormat
{
    /// <summary>Bytes before the payload.</summary>
    public const int HeadBytes = 5;

    /// <summary>Reads the head of a record's value.</summary>
    public static WireHead Parse(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
        {
            return new WireHead(WireStatus.Empty, 0, 0);
        }

        if (value[0] != 0)
        {
            return new WireHead(WireStatus.BadMagic, 0, 0);
        }

        return value.Length < HeadBytes
            ? new WireHead(WireStatus.TooShort, 0, 0)
            : new WireHead(WireStatus.Ok, BinaryPrimitives.ReadInt32BigEndian(value[1..]), HeadBytes);
    }

    /// <summary>Writes the head; the payload is to follow.</summary>
    public static void WriteHead(IBufferWriter<byte> output, int schemaId)
    {
        var head = output.GetSpan(HeadBytes);
        head[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(head[1..], schemaId);
        output.Advance(HeadBytes);
    }
}
