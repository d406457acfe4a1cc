using Avro;
using Avro.Generic;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;

namespace Streaming.Contracts.Tests.Codecs;

public sealed class ColumnDecoderSpec
{
    public static TheoryData<string, string> Pairs => new()
    {
        { "transactions", "same" }, { "clicks", "same" }, { "labels", "same" }, { "scores", "same" }, { "dead-letters", "same" },
        { "transactions", "old" }, { "transactions", "new" }, { "clicks", "old" }, { "scores", "old" },
    };

    internal static RecordSchema WriterOf(string topic, string version) => (topic, version) switch
    {
        ("transactions", "old") => Writers.OldTransaction,
        ("transactions", "new") => Writers.NewTransaction,
        ("clicks", "old") => Writers.OldClick,
        ("scores", "old") => Writers.OldScore,
        _ => EventSchemas.ByTopic[topic],
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Columns_hold_what_Apache_Avro_reads(string topic, string version)
    {
        var random = new RandomEvents(Random.Shared.Next());
        var (writer, reader, source) = (WriterOf(topic, version), EventSchemas.ByTopic[topic], EventSchemas.Sources[topic]);
        var masks = new Random(random.Seed);
        for (var round = 0; round < 20; round++)
        {
            bool[] wanted = round == 0 ? [] : [.. source.Fields.Select(_ => masks.Next(2) == 0)];
            var decoder = ColumnDecoder.Compile(writer, reader, source, wanted).Codec!;
            DecodeAll(decoder, new EventBatch(source, wanted, 30), writer, reader, random);
        }
    }

    private static void DecodeAll(ColumnDecoder decoder, EventBatch batch, RecordSchema writer, RecordSchema reader, RandomEvents random)
    {
        var events = Enumerable.Range(0, 30).Select(_ => ApacheAvro.Encode(random.Record(writer))).ToList();
        var buffer = events.SelectMany(bytes => bytes.Prepend((byte)0xFF)).ToArray();
        var at = 0;
        for (var row = 0; row < events.Count; row++)
        {
            at++;
            Assert.Equal(DecodeStatus.Ok, decoder.TryDecode(buffer, at, events[row].Length, batch, row, out var fault));
            Assert.Equal(default, fault);
            at += events[row].Length;
        }

        for (var row = 0; row < events.Count; row++)
        {
            Expected.RowEquals(ApacheAvro.Decode(events[row], writer, reader), batch, row, $"seed {random.Seed}");
        }
    }

    [Fact]
    public void Rows_of_different_writers_stand_side_by_side()
    {
        var random = new RandomEvents(Random.Shared.Next());
        var (reader, source) = (EventSchemas.Transaction, EventSchemas.Sources["transactions"]);
        RecordSchema[] writers = [Writers.OldTransaction, EventSchemas.Transaction, Writers.NewTransaction];
        var decoders = writers.Select(writer => ColumnDecoder.Compile(writer, reader, source).Codec!).ToArray();
        var events = Enumerable.Range(0, 60).Select(row => ApacheAvro.Encode(random.Record(writers[row * 7 % 3]))).ToList();
        var (buffer, batch, at) = (events.SelectMany(bytes => bytes).ToArray(), new EventBatch(source, [], 60), 0);
        for (var row = 0; row < events.Count; row++)
        {
            Assert.Equal(DecodeStatus.Ok, decoders[row * 7 % 3].TryDecode(buffer, at, events[row].Length, batch, row, out _));
            at += events[row].Length;
        }

        for (var row = 0; row < events.Count; row++)
        {
            Expected.RowEquals(ApacheAvro.Decode(events[row], writers[row * 7 % 3], reader), batch, row, $"seed {random.Seed}");
        }
    }

    [Fact]
    public void A_missing_enum_takes_its_default_symbol()
    {
        var reader = Writers.With(EventSchemas.Label, """{"name":"by","type":{"type":"enum","name":"By","symbols":["rule","person"]},"default":"person"}""");
        var batch = DecodeOne(EventSchemas.Label, reader, new RandomEvents(1).Record(EventSchemas.Label));
        Assert.Equal("person"u8, batch.Texts(batch.Source.IndexOf("by"))[0]);
    }

    [Fact]
    public void A_symbol_that_the_reader_lacks_becomes_the_enums_default()
    {
        var writer = Writers.Parse("""{"type":"record","name":"E","fields":[{"name":"by","type":{"type":"enum","name":"By","symbols":["rule","oracle"]}}]}""");
        var reader = Writers.Parse("""{"type":"record","name":"E","fields":[{"name":"by","type":{"type":"enum","name":"By","symbols":["rule","other"],"default":"other"}}]}""");
        var record = new GenericRecord(writer);
        record.Add("by", new GenericEnum((EnumSchema)writer.Fields[0].Schema, "oracle"));
        Assert.Equal("other"u8, DecodeOne(writer, reader, record).Texts(0)[0]);
    }

    [Fact]
    public void A_renamed_field_is_found_by_its_alias()
    {
        var writer = Writers.Parse("""{"type":"record","name":"E","fields":[{"name":"sum","type":"float"}]}""");
        var reader = Writers.Parse("""{"type":"record","name":"E","fields":[{"name":"amount","aliases":["sum"],"type":"double"}]}""");
        var record = new GenericRecord(writer);
        record.Add("sum", 2.5f);
        Assert.Equal(2.5, DecodeOne(writer, reader, record).Numbers(0)[0]);
    }

    [Theory]
    [InlineData("""{"name":"amount_eur","type":"double"},{"name":"amount","type":"double"}""")]
    [InlineData("""{"name":"amount","type":"double"},{"name":"amount_eur","type":"double"}""")]
    [InlineData("""{"name":"amount","type":"string"},{"name":"amount_eur","type":"double"}""")]
    [InlineData("""{"name":"amount_eur","type":"double"},{"name":"amount","type":"string"}""")]
    public void Of_a_writer_with_both_names_the_fields_own_one_is_read(string fields)
    {
        var writer = Writers.Parse($$"""{"type":"record","name":"E","fields":[{{fields}}]}""");
        var reader = Writers.Parse("""{"type":"record","name":"E","fields":[{"name":"amount_eur","aliases":["amount"],"type":"double"}]}""");
        var record = new GenericRecord(writer);
        record.Add("amount_eur", 2.5);
        record.Add("amount", writer["amount"].Schema.Tag == Schema.Type.String ? "old" : 1.0);
        Assert.Equal(2.5, DecodeOne(writer, reader, record).Numbers(0)[0]);
    }

    [Theory]
    [InlineData(1_500_000, 1_500)]
    [InlineData(-1, -1)]
    [InlineData(-1_000, -1)]
    [InlineData(-1_001, -2)]
    public void Microseconds_become_milliseconds_rounded_towards_the_past(long micros, long millis)
    {
        var writer = Writers.Parse("""{"type":"record","name":"E","fields":[{"name":"ts","type":{"type":"long","logicalType":"timestamp-micros"}}]}""");
        var record = new GenericRecord(writer);
        record.Add("ts", DateTime.UnixEpoch.AddTicks(10 * micros));
        Assert.Equal(millis, DecodeOne(writer, writer, record).Times(0)[0]);
    }

    [Fact]
    public void A_null_where_the_reader_has_none_is_a_fault_and_other_values_are_read()
    {
        var writer = Writers.Parse("""{"type":"record","name":"E","fields":[{"name":"x","type":["null","double"]}]}""");
        var reader = Writers.Parse("""{"type":"record","name":"E","fields":[{"name":"x","type":"double"}]}""");
        var source = EventSchemas.SourceOf("e", reader);
        var decoder = ColumnDecoder.Compile(writer, reader, source).Codec!;
        var batch = new EventBatch(source, [], 1);
        Assert.Equal(DecodeStatus.Malformed, decoder.TryDecode([0], 0, 1, batch, 0, out var fault));
        Assert.Equal(DecodeFaultKind.UnreadableBranch, fault.Kind);
        Assert.Equal(DecodeStatus.Ok, decoder.TryDecode([2, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F], 0, 9, batch, 0, out _));
        Assert.Equal(1.0, batch.Numbers(0)[0]);
    }

    [Fact]
    public void A_writer_that_cannot_be_read_is_a_compile_fault_that_names_the_field()
    {
        var writer = Writers.Without(EventSchemas.Transaction, "card_id");
        var compiled = ColumnDecoder.Compile(writer, EventSchemas.Transaction, EventSchemas.Sources["transactions"]);
        Assert.False(compiled.Succeeded);
        Assert.Equal("Transaction.card_id", Assert.Single(compiled.Faults).Path);
    }

    [Fact]
    public void A_small_schema_that_is_huge_once_written_out_is_refused_at_once()
    {
        var fields = Enumerable.Range(1, 40).Select(i => $$$"""{"name":"r{{{i}}}","type":{"type":"record","name":"R{{{i}}}","fields":[{"name":"a","type":"R{{{i - 1}}}"},{"name":"b","type":"R{{{i - 1}}}"}]}}""");
        var writer = Writers.Parse($$$"""{"type":"record","name":"E","fields":[{"name":"r0","type":{"type":"record","name":"R0","fields":[{"name":"x","type":"int"}]}},{{{string.Join(',', fields)}}}]}""");
        var reader = Writers.Parse("""{"type":"record","name":"E","fields":[{"name":"x","type":"int","default":0}]}""");
        var fault = Assert.Single(ColumnDecoder.Compile(writer, reader, EventSchemas.SourceOf("e", reader)).Faults);
        Assert.Equal(IncompatibilityKind.Unsupported, fault.Kind);
        Assert.Contains("10000 parts", fault.What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_schema_within_itself_is_refused()
    {
        var writer = Writers.Parse("""{"type":"record","name":"E","fields":[{"name":"x","type":["null",{"type":"array","items":"E"}]}]}""");
        Assert.Equal(IncompatibilityKind.Unsupported, Assert.Single(ColumnDecoder.Compile(writer, writer, EventSchemas.SourceOf("e", writer)).Faults).Kind);
    }

    [Theory]
    [InlineData("array", "items")]
    [InlineData("map", "values")]
    public void Items_larger_than_any_event_are_passed_over_when_there_are_none(string type, string of)
    {
        const string huge = """{"type":"record","name":"H","fields":[{"name":"a","type":{"type":"fixed","name":"F","size":2147483647}},{"name":"b","type":"F"}]}""";
        var writer = Writers.Parse($$$"""{"type":"record","name":"E","fields":[{"name":"h","type":{"type":"{{{type}}}","{{{of}}}":{{{huge}}}}},{"name":"x","type":"int"}]}""");
        var reader = Writers.Parse("""{"type":"record","name":"E","fields":[{"name":"x","type":"int"}]}""");
        var source = EventSchemas.SourceOf("e", reader);
        var (decoder, batch) = (ColumnDecoder.Compile(writer, reader, source).Codec!, new EventBatch(source, [], 1));
        Assert.Equal(DecodeStatus.Ok, decoder.TryDecode([0, 2], 0, 2, batch, 0, out _));
        Assert.Equal(DecodeStatus.Malformed, decoder.TryDecode([2, 0, 0, 0], 0, 4, batch, 0, out var fault));
        Assert.Equal(DecodeFaultKind.LengthBeyondEnd, fault.Kind);
    }

    [Fact]
    public void Decoding_allocates_nothing()
    {
        var source = EventSchemas.Sources["transactions"];
        var decoder = ColumnDecoder.Compile(Writers.NewTransaction, EventSchemas.Transaction, source).Codec!;
        var bytes = ApacheAvro.Encode(new RandomEvents(3).Record(Writers.NewTransaction));
        var batch = new EventBatch(source, [], 1);
        Allocations.AssertNone(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                decoder.TryDecode(bytes, 0, bytes.Length, batch, 0, out _);
            }
        });
    }

    private static EventBatch DecodeOne(RecordSchema writer, RecordSchema reader, GenericRecord record)
    {
        var source = EventSchemas.SourceOf("e", reader);
        var batch = new EventBatch(source, [], 1);
        var bytes = ApacheAvro.Encode(record);
        Assert.Equal(DecodeStatus.Ok, ColumnDecoder.Compile(writer, reader, source).Codec!.TryDecode(bytes, 0, bytes.Length, batch, 0, out _));
        return batch;
    }
}
