using Avro;
using Avro.Generic;
using Avro.IO;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Events;
using Streaming.Contracts.Schemas;
using Streaming.Contracts.Wire;
using Streaming.Features.Events;

namespace Streaming.Fuzz.Tests;

public sealed class AvroBytesFuzz
{
    private static readonly Schema s_writer = Schema.Parse("""
        {"type":"record","name":"Transaction","fields":[
          {"name":"tags","type":{"type":"map","values":{"type":"array","items":"string"}}},
          {"name":"event_id","type":"string"},{"name":"card_id","type":["string","bytes"]},{"name":"terminal_id","type":"string"},
          {"name":"amount","type":["long","double",{"type":"bytes","logicalType":"decimal","precision":40,"scale":2}]},
          {"name":"digest","type":{"type":"fixed","name":"Digest","size":4}},
          {"name":"ts","type":{"type":"int","logicalType":"date"}},{"name":"fraud","type":["null","boolean"]}]}
        """);

    [Fact]
    public void Bytes_are_an_event_or_a_fault()
    {
        var source = EventSchemas.Sources[EventSchemas.Transactions];
        var decoder = ColumnDecoder.Compile(s_writer, EventSchemas.Transaction, source).Codec!;
        var batch = new EventBatch(source, [], 1);
        FuzzRun.Run([Example(0), Example(1), Example(2)], bytes =>
        {
            WireFormat.Parse(bytes);
            decoder.TryDecode(bytes, 0, bytes.Length, batch, 0, out var fault);
            Assert.InRange(fault.Position, 0, bytes.Length);
        });
    }

    [Fact]
    public void Bytes_are_a_dead_letter_or_a_fault()
    {
        var reader = RecordReader.Compile<DeadLetter>(EventSchemas.DeadLetter, EventSchemas.DeadLetter).Codec!;
        var output = new AvroBuffer();
        RecordWriter.Compile<DeadLetter>(EventSchemas.DeadLetter).Write(
            new() { Id = "i", Reason = "r", Detail = "d", Topic = "t", Partition = 1, Offset = 2, Timestamp = new(3), Key = new byte[3], Value = new byte[9], SchemaId = 4 }, output);
        FuzzRun.Run([output.Written.ToArray()], bytes => Assert.Equal(reader.TryRead(bytes, out _, out var fault), fault.Kind == DecodeFaultKind.None));
    }

    private static byte[] Example(int branch)
    {
        var record = new GenericRecord((RecordSchema)s_writer);
        record.Add("tags", new Dictionary<string, object> { ["a"] = new object[] { "b", "c" } });
        record.Add("event_id", "e1");
        record.Add("card_id", branch == 0 ? "c1" : "c1"u8.ToArray());
        record.Add("terminal_id", "t1");
        record.Add("amount", branch switch { 0 => (object)12L, 1 => 12.5, _ => new AvroDecimal(12.34m) });
        record.Add("digest", new GenericFixed((FixedSchema)((RecordSchema)s_writer)["digest"].Schema, new byte[4]));
        record.Add("ts", new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        record.Add("fraud", branch == 0 ? null! : true);
        using var stream = new MemoryStream();
        new GenericDatumWriter<GenericRecord>(s_writer).Write(record, new BinaryEncoder(stream));
        return stream.ToArray();
    }
}
