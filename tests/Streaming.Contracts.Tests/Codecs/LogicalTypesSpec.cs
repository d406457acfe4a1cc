using System.Globalization;
using Avro;
using Avro.Generic;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;

namespace Streaming.Contracts.Tests.Codecs;

/// <summary>The table of docs/schemas.md, cell by cell: what Apache.Avro wrote with a logical type is exact in an event's field, or refused by the type's name.</summary>
public sealed class LogicalTypesSpec
{
    private const string Refused = "refused";
    private static readonly DateTime s_time = new DateTime(2024, 2, 29, 12, 30, 15, DateTimeKind.Utc).AddTicks(1_234_560);
    private static readonly string[] s_columns = ["\"string\"", "\"double\"", """{"type":"long","logicalType":"timestamp-millis"}""", "\"boolean\""];

    /// <summary>Type, logical type and attributes; the value; as text, number, instant and flag.</summary>
    public static TheoryData<string, object, string[]> Cells => new()
    {
        { """{"type":"bytes","logicalType":"decimal","precision":20,"scale":0}""", 3422001m, [Refused, "3422001", Refused, Refused] },
        { """{"type":"bytes","logicalType":"decimal","precision":20,"scale":2}""", 123.45m, [Refused, "123.45", Refused, Refused] },
        { """{"type":"bytes","logicalType":"decimal","precision":20,"scale":2}""", -0.01m, [Refused, "-0.01", Refused, Refused] },
        { """{"type":"bytes","logicalType":"decimal","precision":28,"scale":6}""", 90071992547.409931m, [Refused, "90071992547.40993", Refused, Refused] },
        { """{"type":"fixed","name":"F","size":9,"logicalType":"decimal","precision":20,"scale":4}""", -12594.5000m, [Refused, "-12594.5", Refused, Refused] },
        { """{"type":"bytes","logicalType":"big-decimal"}""", new byte[] { 2, 1, 0 }, [Refused, Refused, Refused, Refused] },
        { """{"type":"int","logicalType":"date"}""", s_time.Date, [Refused, Refused, "1709164800000", Refused] },
        { """{"type":"int","logicalType":"date"}""", new DateTime(1969, 12, 31, 0, 0, 0, DateTimeKind.Utc), [Refused, Refused, "-86400000", Refused] },
        { """{"type":"int","logicalType":"time-millis"}""", TimeSpan.FromMilliseconds(1_234), [Refused, Refused, Refused, Refused] },
        { """{"type":"long","logicalType":"time-micros"}""", TimeSpan.FromMilliseconds(1_234), [Refused, Refused, Refused, Refused] },
        { """{"type":"long","logicalType":"timestamp-millis"}""", s_time, [Refused, Refused, "1709209815123", Refused] },
        { """{"type":"long","logicalType":"timestamp-micros"}""", s_time, [Refused, Refused, "1709209815123", Refused] },
        { """{"type":"long","logicalType":"timestamp-nanos"}""", 1_709_209_815_123_456_789, [Refused, Refused, "1709209815123", Refused] },
        { """{"type":"long","logicalType":"timestamp-nanos"}""", -1L, [Refused, Refused, "-1", Refused] },
        { """{"type":"long","logicalType":"timestamp-nanos"}""", -1_000_000L, [Refused, Refused, "-1", Refused] },
        { """{"type":"long","logicalType":"local-timestamp-millis"}""", s_time, [Refused, Refused, "1709209815123", Refused] },
        { """{"type":"long","logicalType":"local-timestamp-micros"}""", s_time, [Refused, Refused, "1709209815123", Refused] },
        { """{"type":"long","logicalType":"local-timestamp-nanos"}""", 1_709_209_815_123_456_789, [Refused, Refused, "1709209815123", Refused] },
        { """{"type":"string","logicalType":"uuid"}""", Guid.Parse("8f14e45f-ceea-467f-a0e6-d3a8f1a1b2c3"), ["8f14e45f-ceea-467f-a0e6-d3a8f1a1b2c3", Refused, Refused, Refused] },
        { """{"type":"fixed","name":"D","size":12,"logicalType":"duration"}""", new byte[12], [Refused, Refused, Refused, Refused] },
        { """{"type":"long","logicalType":"of-a-vendor"}""", 1_709_209_815_123, [Refused, "1709209815123", "1709209815123", Refused] },
        { "\"long\"", 9_007_199_254_740_992, [Refused, "9007199254740992", "9007199254740992", Refused] },
        { "\"int\"", 7, [Refused, "7", "7", Refused] },
        { "\"float\"", 0.5f, [Refused, "0.5", Refused, Refused] },
        { "\"bytes\"", "id-1"u8.ToArray(), ["id-1", Refused, Refused, Refused] },
        { "\"boolean\"", true, [Refused, Refused, Refused, "1"] },
    };

    [Theory]
    [MemberData(nameof(Cells))]
    public void A_cell_is_exact_or_refused_by_name(string type, object value, string[] expected)
    {
        for (var column = 0; column < s_columns.Length; column++)
        {
            Assert.Equal(expected[column], Read(type, value, s_columns[column]));
            var required = expected[column];
            Assert.Equal(required, Read($"""["null",{type}]""", value, $"""["null",{s_columns[column]}]"""));
        }
    }

    [Theory]
    [InlineData(9_007_199_254_740_993)]
    [InlineData(-9_007_199_254_740_993)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void A_whole_number_that_no_double_holds_is_a_fault_of_its_field(long value)
    {
        var (status, fault, _) = Decode("\"long\"", value, "\"double\"");
        Assert.Equal((DecodeStatus.Malformed, DecodeFaultKind.InexactNumber), (status, fault.Kind));
        Assert.Contains("x (long): the whole number at byte 0 is beyond 2^53", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Decimals_are_rounded_once_to_the_nearest_double()
    {
        var random = new Random(12);
        for (var i = 0; i < 2_000; i++)
        {
            var value = new decimal(random.Next(), random.Next(), 0, random.Next(2) == 0, 2);
            var (_, _, batch) = Decode("""{"type":"bytes","logicalType":"decimal","precision":28,"scale":2}""", value, "\"double\"");
            Assert.Equal(double.Parse(value.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture), batch!.Numbers(0)[0]);
        }
    }

    [Theory]
    [InlineData("00", DecodeFaultKind.InvalidDecimal)]
    [InlineData("22 0100000000000000000000000000000000", DecodeFaultKind.InvalidDecimal)]
    [InlineData("22 0000000000000000000000000000000001", DecodeFaultKind.None)]
    [InlineData("22 FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF9C", DecodeFaultKind.None)]
    public void A_decimal_has_one_to_sixteen_bytes_that_count(string hex, DecodeFaultKind kind)
    {
        var (writer, reader) = (Record("""{"type":"bytes","logicalType":"decimal","precision":40,"scale":0}"""), Record("\"double\""));
        var (source, bytes) = (EventSchemas.SourceOf("e", reader), Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
        ColumnDecoder.Compile(writer, reader, source).Codec!.TryDecode(bytes, 0, bytes.Length, new EventBatch(source, [], 1), 0, out var fault);
        Assert.Equal(kind, fault.Kind);
    }

    [Fact]
    public void Decoding_decimals_allocates_nothing()
    {
        var (writer, reader) = (Record("""{"type":"bytes","logicalType":"decimal","precision":28,"scale":6}"""), Record("\"double\""));
        var source = EventSchemas.SourceOf("e", reader);
        var (decoder, batch) = (ColumnDecoder.Compile(writer, reader, source).Codec!, new EventBatch(source, [], 1));
        byte[] bytes = [0x12, 0x7F, 1, 2, 3, 4, 5, 6, 7, 8];
        Assert.Equal(DecodeStatus.Ok, decoder.TryDecode(bytes, 0, bytes.Length, batch, 0, out _));
        Allocations.AssertNone(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                decoder.TryDecode(bytes, 0, bytes.Length, batch, 0, out _);
            }
        });
    }

    [Fact]
    public void What_is_refused_is_named_with_what_to_write_instead()
    {
        var compiled = ColumnDecoder.Compile(Record("""{"type":"int","logicalType":"time-millis"}"""), Record(s_columns[2]), EventSchemas.SourceOf("e", Record(s_columns[2])));
        Assert.Equal(
            "E.x: the writer has int (time-millis), the reader long (timestamp-millis), and Avro does not convert between them; write a timestamp or a date",
            Assert.Single(compiled.Faults).ToString());
    }

    [Fact]
    public void A_symbol_that_the_reader_lacks_is_named_with_those_that_it_has()
    {
        var writer = Record("""["null",{"type":"enum","name":"K","symbols":["view","auto"]}]""");
        var reader = Record("""["null",{"type":"enum","name":"K","symbols":["view","cart"]}]""");
        var (source, bytes) = (EventSchemas.SourceOf("e", reader), new byte[] { 2, 2 });
        ColumnDecoder.Compile(writer, reader, source).Codec!.TryDecode(bytes, 0, 2, new EventBatch(source, [], 1), 0, out var fault);
        Assert.Equal(
            "x ([null, enum K]): the symbol auto (known: view, cart) at byte 1 is unknown to the reader, and its enum has no default", fault.ToString());
    }

    private static string Read(string type, object value, string column)
    {
        var (status, fault, batch) = Decode(type, value, column);
        Assert.True(status == DecodeStatus.Ok || batch is null, fault.ToString());
        return batch?[0] switch
        {
            null => Refused,
            TextColumn texts => System.Text.Encoding.UTF8.GetString(texts[0]),
            TimeColumn times => times.Values[0].ToString(CultureInfo.InvariantCulture),
            _ => batch.Numbers(0)[0].ToString("R", CultureInfo.InvariantCulture),
        };
    }

    /// <summary>The batch is null where the schemas are refused; then their fault names both types.</summary>
    private static (DecodeStatus Status, DecodeFault Fault, EventBatch? Batch) Decode(string type, object value, string column)
    {
        var (writer, reader) = (Record(type), Record(column));
        var record = new GenericRecord(writer);
        var single = SchemaFacts.Base(SchemaFacts.Single(writer.Fields[0].Schema, out _)!);
        record.Add("x", (value, single) switch
        {
            (byte[] raw, FixedSchema fixedSchema) => new GenericFixed(fixedSchema, raw),
            (decimal number, _) => new AvroDecimal(number),
            _ => value,
        });
        var bytes = ApacheAvro.Encode(record);
        var source = EventSchemas.SourceOf("e", reader);
        var compiled = ColumnDecoder.Compile(writer, reader, source);
        if (!compiled.Succeeded)
        {
            Assert.Contains(SchemaFacts.Describe(SchemaFacts.Single(writer.Fields[0].Schema, out _)!), string.Join(';', compiled.Faults), StringComparison.Ordinal);
            return (DecodeStatus.Malformed, default, null);
        }

        var batch = new EventBatch(source, [], 1);
        var status = compiled.Codec.TryDecode(bytes, 0, bytes.Length, batch, 0, out var fault);

        // In a union only the values of a branch that has no place are refused, each by itself.
        return fault.Kind == DecodeFaultKind.UnreadableBranch ? (status, fault, null) : (status, fault, batch);
    }

    private static RecordSchema Record(string type) => Writers.Parse($$"""{"type":"record","name":"E","fields":[{"name":"x","type":{{type}}}]}""");
}
