using Streaming.Contracts.Events;
using Streaming.Contracts.Wire;
using Streaming.Features.Events;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>Makes dead letters of a partition's records.</summary>
internal sealed class RejectedRecords(string topic, int partition)
{
    /// <summary>Adds the dead letter of a record to its read.</summary>
    public void Add(DecodedRead read, RecordBatch records, int record, string reason, string detail)
    {
        var head = WireFormat.Parse(records.Value(record));
        read.DeadLetters.Add(new DeadLetter
        {
            Id = DeadLetter.IdOf(topic, partition, records.Offsets[record], reason),
            Reason = reason,
            Detail = detail,
            Topic = topic,
            Partition = partition,
            Offset = records.Offsets[record],
            Timestamp = new EventTime(records.Timestamps[record]),
            Key = Bytes(records, records.KeyStart[record], records.KeyLength[record]),
            Value = Bytes(records, records.ValueStart[record], records.ValueLength[record]),
            SchemaId = head.Status == WireStatus.Ok ? head.SchemaId : null,
        });
    }

    /// <summary>Adds the dead letter of a record whose value does not begin as the wire format does.</summary>
    public void AddMalformedHead(DecodedRead read, RecordBatch records, int record, WireStatus status)
    {
        var (reason, detail) = status switch
        {
            WireStatus.Empty => (DeadLetterReason.Empty, "the value is null or empty; an event has a value"),
            WireStatus.BadMagic => (DeadLetterReason.BadMagic, "the first byte is not 0: use an Avro serializer with a schema registry"),
            _ => (
                DeadLetterReason.Empty,
                $"{records.ValueLength[record]} bytes are fewer than the wire format's head of {WireFormat.HeadBytes}"),
        };
        Add(read, records, record, reason, detail);
    }

    // A negative length means null.
    private static ReadOnlyMemory<byte>? Bytes(RecordBatch records, int start, int length) =>
        length < 0 ? null : (ReadOnlyMemory<byte>?)records.Buffer.AsMemory(start, length);
}
