using Avro;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Events;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;

namespace Streaming.Contracts.Tests.Codecs;

public sealed class HostileBytesSpec
{
    private static readonly EventSource s_source = EventSchemas.Sources["transactions"];

    [Fact]
    public void Any_bytes_are_read_or_refused_within_their_bounds()
    {
        Fuzz<Transaction>(EventSchemas.Transactions, Writers.OldTransaction, Writers.NewTransaction, EventSchemas.Transaction);
        Fuzz<Click>(EventSchemas.Clicks, Writers.OldClick, EventSchemas.Click);
        Fuzz<Label>(EventSchemas.Labels, Writers.PlainLabel, EventSchemas.Label);
        Fuzz<Score>(EventSchemas.Scores, Writers.OldScore, EventSchemas.Score);
        Fuzz<DeadLetter>(EventSchemas.DeadLetters, EventSchemas.DeadLetter);
    }

    /// <summary>The column decoder skips a block by its size; Apache.Avro looks into it and seeks before the start of the bytes, or far behind.</summary>
    [Theory]
    [InlineData("0104C70100")]
    [InlineData("010A808080804000")]
    public void A_length_that_leads_out_of_a_skipped_block_is_a_fault_of_the_bytes(string tags)
    {
        const string eventId = "0278", card = "000263", position = "000000000000000000", user = "02", terminal = "0274";
        const string digest = "00000000000000000000000000000000", amount = "0000000000", currency = "0245", lists = "00000000";
        const string either = "00", ts = "00", mcc = "0231", country = "00", fraud = "01";
        var bytes = Convert.FromHexString(
            eventId + tags + card + position + user + terminal + digest + amount + currency + lists + either + ts + mcc + country + fraud);
        var reader = RecordReader.Compile<Transaction>(Writers.NewTransaction, EventSchemas.Transaction).Codec!;
        Assert.False(reader.TryRead(bytes, out _, out var fault));
        Assert.Equal(DecodeFaultKind.InvalidItem, fault.Kind);
    }

    private static void Fuzz<T>(string topic, params RecordSchema[] writers)
        where T : class
    {
        var seed = Random.Shared.Next();
        var (random, events, source) = (new Random(seed), new RandomEvents(seed), EventSchemas.Sources[topic]);
        foreach (var writer in writers)
        {
            var columns = ColumnDecoder.Compile(writer, EventSchemas.ByTopic[topic], source).Codec!;
            var records = RecordReader.Compile<T>(writer, EventSchemas.ByTopic[topic]).Codec;
            var batch = new EventBatch(source, [], 1);
            for (var i = 0; i < 4_000; i++)
            {
                var bytes = Mutated(ApacheAvro.Encode(events.Record(writer)), random);
                Check(columns, records, batch, bytes, $"seed {seed}, {Convert.ToHexString(bytes)}");
            }
        }
    }

    /// <summary>What is a record is a row. Apache.Avro looks into what a column decoder passes over, and takes numbers that no column holds.</summary>
    private static void Check<T>(ColumnDecoder columns, RecordReader<T>? records, EventBatch batch, byte[] bytes, string because)
        where T : class
    {
        const int margin = 7;
        var buffer = new byte[bytes.Length + (2 * margin)];
        bytes.CopyTo(buffer, margin);
        var status = columns.TryDecode(buffer, margin, bytes.Length, batch, 0, out var fault);
        var recordFault = default(DecodeFault);
        var read = records is not null && records.TryRead(bytes, out _, out recordFault);
        Assert.True(records is null || read == (recordFault.Kind == DecodeFaultKind.None), because);
        Assert.True(!read || status == DecodeStatus.Ok || fault.Kind is DecodeFaultKind.InexactNumber or DecodeFaultKind.IntegerTooLong, $"{because}: {fault} but {recordFault}");
        Assert.True(fault.Position >= 0 && fault.Position <= bytes.Length, because);
        Assert.True(recordFault.Position >= 0 && recordFault.Position <= bytes.Length, because);
        Assert.True(status != DecodeStatus.Ok || TextsLieWithin(batch, margin, margin + bytes.Length), because);
    }

    private static bool TextsLieWithin(EventBatch batch, int from, int until)
    {
        for (var field = 0; field < batch.Source.Fields.Length; field++)
        {
            if (batch[field] is TextColumn texts && !texts.IsNull(0) && texts.Start[0] >= 0
                && (texts.Start[0] < from || texts.Start[0] + texts.Length[0] > until))
            {
                return false;
            }
        }

        return true;
    }

    private static byte[] Mutated(byte[] bytes, Random random)
    {
        var list = bytes.ToList();
        for (var edits = random.Next(4); edits >= 0 && list.Count > 0; edits--)
        {
            var at = random.Next(list.Count);
            switch (random.Next(5))
            {
                case 0:
                    list[at] = (byte)random.Next(256);
                    break;
                case 1:
                    list.RemoveRange(at, list.Count - at);
                    break;
                case 2:
                    list.Insert(at, (byte)(0x80 | random.Next(128)));
                    break;
                case 3:
                    list.InsertRange(at, Enumerable.Repeat((byte)0xFF, random.Next(12)));
                    break;
                default:
                    list.RemoveAt(at);
                    break;
            }
        }

        return [.. list];
    }

    [Fact]
    public void Every_proper_prefix_is_truncated()
    {
        var decoder = ColumnDecoder.Compile(EventSchemas.Transaction, EventSchemas.Transaction, s_source).Codec!;
        var batch = new EventBatch(s_source, [], 1);
        var bytes = ApacheAvro.Encode(new RandomEvents(5).Record(EventSchemas.Transaction));
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Equal(DecodeStatus.Malformed, decoder.TryDecode(bytes, 0, length, batch, 0, out var fault));
            Assert.True(fault.Kind is DecodeFaultKind.Truncated or DecodeFaultKind.LengthBeyondEnd, fault.ToString());
        }
    }

    [Theory]
    [InlineData("", DecodeFaultKind.Truncated, 0)]
    [InlineData("80", DecodeFaultKind.Truncated, 0)]
    [InlineData("01", DecodeFaultKind.NegativeLength, 0)]
    [InlineData("04 41", DecodeFaultKind.LengthBeyondEnd, 0)]
    [InlineData("FEFFFFFFFFFFFFFFFF01", DecodeFaultKind.LengthBeyondEnd, 0)]
    [InlineData("FFFFFFFFFFFFFFFFFF02", DecodeFaultKind.IntegerTooLong, 0)]
    [InlineData("8080808080808080808000", DecodeFaultKind.IntegerTooLong, 0)]
    [InlineData("02 C3", DecodeFaultKind.InvalidUtf8, 1)]
    [InlineData("02 41 00", DecodeFaultKind.TrailingBytes, 2)]
    [InlineData("02 41", DecodeFaultKind.None, 0)]
    public void A_text_says_what_is_wrong_and_where(string hex, DecodeFaultKind kind, int position) =>
        AssertFault(kind, position, Decode("\"string\"", hex));

    [Theory]
    [InlineData("\"boolean\"", "02", DecodeFaultKind.InvalidBoolean, 0)]
    [InlineData("\"int\"", "8080808010", DecodeFaultKind.IntegerTooLong, 0)]
    [InlineData("\"double\"", "00000000000000", DecodeFaultKind.Truncated, 0)]
    [InlineData("[\"null\",\"long\"]", "04", DecodeFaultKind.UnknownBranch, 0)]
    [InlineData("[\"null\",\"long\"]", "01", DecodeFaultKind.UnknownBranch, 0)]
    [InlineData("{\"type\":\"enum\",\"name\":\"K\",\"symbols\":[\"a\"]}", "02", DecodeFaultKind.UnknownSymbol, 0)]
    [InlineData("{\"type\":\"array\",\"items\":\"double\"}", "FEFFFFFF0F", DecodeFaultKind.LengthBeyondEnd, 0)]
    [InlineData("{\"type\":\"array\",\"items\":\"null\"}", "FEFFFFFFFFFFFFFFFF01", DecodeFaultKind.LengthBeyondEnd, 0)]
    [InlineData("{\"type\":\"array\",\"items\":\"string\"}", "FFFFFFFFFFFFFFFFFF0100", DecodeFaultKind.LengthBeyondEnd, 0)]
    [InlineData("{\"type\":\"array\",\"items\":\"string\"}", "0104 0041 00", DecodeFaultKind.None, 0)]
    [InlineData("{\"type\":\"array\",\"items\":\"string\"}", "0101", DecodeFaultKind.NegativeLength, 1)]
    public void A_value_says_what_is_wrong_and_where(string type, string hex, DecodeFaultKind kind, int position) =>
        AssertFault(kind, position, Decode(type, hex));

    [Theory]
    [InlineData("02 41 02", "b (double): the bytes end inside the value at byte 2")]
    [InlineData("02 C3", "a (string): the text at byte 1 is not UTF-8")]
    [InlineData("02 41 0000000000000000 04", "c ([null, boolean]): the union at byte 10 has no such branch")]
    [InlineData("02 41 0000000000000000 02 02", "c ([null, boolean]): the boolean at byte 11 is neither 0 nor 1")]
    [InlineData("02 41 0000000000000000 00 02 02 6B", "d (map of array of long): the bytes end inside the value at byte 14")]
    [InlineData("02 41 0000000000000000 00 00 0000000000000000 06", "f (enum K): the enum at byte 20 has no such symbol")]
    [InlineData("02 41 0000000000000000 00 00 0000000000000000 00 00", "bytes are left over from byte 21 on; was the event written with another schema?")]
    public void A_fault_names_the_writers_field_and_its_type(string hex, string expected)
    {
        var schema = Writers.Parse("""
            {"type":"record","name":"E","fields":[{"name":"a","type":"string"},{"name":"b","type":"double"},{"name":"c","type":["null","boolean"]},
              {"name":"d","type":{"type":"map","values":{"type":"array","items":"long"}}},{"name":"e","type":{"type":"fixed","name":"F","size":8}},
              {"name":"f","type":{"type":"enum","name":"K","symbols":["x","y"]}}]}
            """);
        Assert.Equal(expected, Decode(schema, schema, hex).ToString());
    }

    [Fact]
    public void A_branch_that_the_reader_lacks_is_named_where_it_is()
    {
        var writer = Writers.Parse("""{"type":"record","name":"E","fields":[{"name":"a","type":["null","double"]},{"name":"b","type":"double"}]}""");
        var reader = Writers.Parse("""{"type":"record","name":"E","fields":[{"name":"a","type":"double"},{"name":"b","type":"double"}]}""");
        Assert.Equal("a ([null, double])", Decode(writer, reader, "00 0000000000000000").Field);
    }

    private static void AssertFault(DecodeFaultKind kind, int position, DecodeFault fault) => Assert.Equal((kind, position), (fault.Kind, fault.Position));

    private static DecodeFault Decode(string type, string hex)
    {
        var schema = Writers.Parse("""{"type":"record","name":"E","fields":[{"name":"x","type":""" + type + "}]}");
        return Decode(schema, schema, hex);
    }

    private static DecodeFault Decode(RecordSchema writer, RecordSchema reader, string hex)
    {
        var source = EventSchemas.SourceOf("e", reader);
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        ColumnDecoder.Compile(writer, reader, source).Codec!.TryDecode(bytes, 0, bytes.Length, new EventBatch(source, [], 1), 0, out var fault);
        return fault;
    }
}
