using Streaming.Contracts.Codecs;
using Streaming.Contracts.Events;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;

namespace Streaming.Contracts.Tests.Codecs;

public sealed class RecordCodecSpec
{
    [Theory]
    [MemberData(nameof(ColumnDecoderSpec.Pairs), MemberType = typeof(ColumnDecoderSpec))]
    public void Records_hold_what_Apache_Avro_reads(string topic, string version) => Dispatch(topic, new Reads(version));

    [Theory]
    [InlineData("transactions")]
    [InlineData("clicks")]
    [InlineData("labels")]
    [InlineData("scores")]
    [InlineData("dead-letters")]
    public void Apache_Avro_reads_what_was_written_and_the_bytes_are_its_own(string topic) => Dispatch(topic, new Writes());

    [Fact]
    public void Bytes_are_read_as_text_and_integers_as_instants()
    {
        var output = new AvroBuffer();
        output.WriteText("t-ü");
        output.WriteLong(0);
        output.WriteText("c1");
        output.WriteText("p1");
        output.WriteLong(1_234);
        output.WriteBoolean(true);
        output.WriteLong(-1_001);
        var columns = ColumnDecoder.Compile(Writers.PlainLabel, EventSchemas.Label, EventSchemas.Sources["labels"]).Codec!;
        var batch = new EventBatch(columns.Source, [], 1);
        Assert.Equal(DecodeStatus.Ok, columns.TryDecode(output.Array, 0, output.Length, batch, 0, out _));
        Assert.Equal("t-ü"u8, batch.Texts(0)[0]);
        Assert.Equal(1_234, batch.Times(3)[0]);
        Assert.Equal(-2, batch.Times(5)[0]);
    }

    [Fact]
    public void The_wire_format_stands_before_the_payload()
    {
        var (writer, output) = (RecordWriter.Compile<Label>(EventSchemas.Label), new AvroBuffer(1));
        writer.Write(SomeLabel, 258, output);
        Assert.Equal([0, 0, 0, 1, 2], output.Written[..5].ToArray());
        var direct = new System.Buffers.ArrayBufferWriter<byte>();
        writer.Write(SomeLabel, direct);
        Assert.Equal(direct.WrittenSpan, output.Written[5..]);
    }

    [Fact]
    public void A_required_text_that_is_null_is_named()
    {
        var writer = RecordWriter.Compile<Label>(EventSchemas.Label);
        var error = Assert.Throws<ArgumentException>(() => writer.Write(SomeLabel with { CardId = null! }, new AvroBuffer()));
        Assert.Contains("card_id", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_property_without_a_field_is_named()
    {
        var error = Assert.Throws<ArgumentException>(() => RecordWriter.Compile<Label>(Writers.Without(EventSchemas.Label, "fraud")));
        Assert.Contains("Label.Fraud", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_without_a_property_is_written_with_its_default()
    {
        var schema = Writers.With(EventSchemas.Label, """{"name":"source","type":["string","null"],"default":"bank"}""");
        var output = new AvroBuffer();
        RecordWriter.Compile<Label>(schema).Write(SomeLabel, output);
        Assert.Equal("bank", ApacheAvro.Decode(output.Written.ToArray(), schema, schema)["source"]);
    }

    [Fact]
    public void A_property_that_cannot_be_null_where_its_field_can_is_a_mistake_in_the_program()
    {
        var schema = Writers.Parse("""{"type":"record","name":"E","fields":[{"name":"x","type":["null","double"],"default":null}]}""");
        var error = Assert.Throws<ArgumentException>(() => RecordReader.Compile<OneNumber>(schema, schema));
        Assert.Contains("cannot hold the field x", error.Message, StringComparison.Ordinal);
    }

    private static Label SomeLabel => new()
    {
        TransactionId = "t1",
        CardId = "c1",
        TerminalId = "p1",
        TransactionTs = new EventTime(1),
        Fraud = true,
        LabelledAt = new EventTime(2),
    };

    private static void Dispatch(string topic, ICase test)
    {
        switch (topic)
        {
            case EventSchemas.Transactions:
                test.Run<Transaction>(topic);
                break;
            case EventSchemas.Clicks:
                test.Run<Click>(topic);
                break;
            case EventSchemas.Labels:
                test.Run<Label>(topic);
                break;
            case EventSchemas.Scores:
                test.Run<Score>(topic);
                break;
            default:
                test.Run<DeadLetter>(topic);
                break;
        }
    }

    [Fact]
    public void A_writer_that_Apache_Avro_does_not_resolve_is_a_fault() =>
        Assert.Equal(IncompatibilityKind.Unsupported, Assert.Single(RecordReader.Compile<Label>(Writers.PlainLabel, EventSchemas.Label).Faults).Kind);

    private sealed record OneNumber
    {
        public double X { get; init; }
    }

    private interface ICase
    {
        void Run<T>(string topic)
            where T : class;
    }

    private sealed class Reads(string version) : ICase
    {
        public void Run<T>(string topic)
            where T : class
        {
            var random = new RandomEvents(Random.Shared.Next());
            var (writer, reader) = (ColumnDecoderSpec.WriterOf(topic, version), EventSchemas.ByTopic[topic]);
            var codec = RecordReader.Compile<T>(writer, reader).Codec!;
            for (var i = 0; i < 300; i++)
            {
                var bytes = ApacheAvro.Encode(random.Record(writer));
                Assert.True(codec.TryRead(bytes, out var value, out var fault), $"seed {random.Seed}: {fault}");
                Expected.RecordEquals(ApacheAvro.Decode(bytes, writer, reader), value, $"seed {random.Seed}");
            }
        }
    }

    private sealed class Writes : ICase
    {
        public void Run<T>(string topic)
            where T : class
        {
            var random = new RandomEvents(Random.Shared.Next());
            var schema = EventSchemas.ByTopic[topic];
            var reader = RecordReader.Compile<T>(schema, schema).Codec!;
            var (writer, output) = (RecordWriter.Compile<T>(schema), new AvroBuffer(1));
            for (var i = 0; i < 300; i++)
            {
                var bytes = ApacheAvro.Encode(random.Record(schema));
                Assert.True(reader.TryRead(bytes, out var value, out _));
                output.Clear();
                writer.Write(value, output);
                Expected.RecordEquals(ApacheAvro.Decode(output.Written.ToArray(), schema, schema), value, $"seed {random.Seed}");
                Assert.Equal(bytes.Length, output.Length);
            }
        }
    }
}
