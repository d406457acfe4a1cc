using System.Buffers.Binary;
using System.Numerics;
using ParquetSharp;
using Streaming.Features.Events;
using Encoding = System.Text.Encoding;

namespace Streaming.Offline.Tests.Parquet;

/// <summary>The table of docs/files.md: every stored type against every kind of field, each exact or refused by name.</summary>
public sealed class StoredTypesSpec : IDisposable
{
    private const string No = StoredValue.Refused;
    private const string Noon = "2026-10-01T12:00:00.000Z";
    private const long NoonMillis = 1_790_856_000_000;
    private const int NoonDay = 20_727;
    private readonly TempFolder _folder = new();

    public static TheoryData<string, string, string, string, string> Table => new()
    {
        // as: text, number, instant, flag
        { "BOOLEAN", "true", No, No, "1" },
        { "INT32 1", "1", "1", No, "1" },
        { "INT32 -2", "-2", "-2", No, No },
        { "INT_8 -1", "-1", "-1", No, No },
        { "UINT_32 max", "4294967295", "4294967295", No, No },
        { "INT64 noon", "1790856000000", "1790856000000", Noon, No },
        { "INT64 seconds", "1790856000", "1790856000", No, No },
        { "INT64 2^53", "9007199254740992", "9007199254740992", No, No },
        { "INT64 2^53+1", "9007199254740993", No, No, No },
        { "INT64 min", "-9223372036854775808", No, No, No },
        { "UINT_64 noon", "1790856000000", "1790856000000", Noon, No },
        { "UINT_64 1", "1", "1", No, "1" },
        { "UINT_64 max", "18446744073709551615", No, No, No },
        { "FLOAT 0.1", "0.1", "0.10000000149011612", No, No },
        { "FLOAT 4711", "4711", "4711", No, No },
        { "FLOAT 2^24+2", No, "16777218", No, No },
        { "DOUBLE card", "4111111111111111", "4111111111111111", No, No },
        { "DOUBLE 0.1", "0.1", "0.1", No, No },
        { "DOUBLE -0", "0", "-0", No, "-0" },
        { "DOUBLE 1", "1", "1", No, "1" },
        { "DOUBLE 1e-7", No, "1E-07", No, No },
        { "DOUBLE 1.4e17", No, No, No, No },
        { "DOUBLE NaN", No, "null", No, "null" },
        { "DOUBLE infinite", No, No, No, No },
        { "FLOAT16 10.5", "10.5", "10.5", No, No },
        { "FLOAT16 1", "1", "1", No, "1" },
        { "FLOAT16 4096", No, "4096", No, No },
        { "DECIMAL(9,2) INT32", "-123.45", "-123.45", No, No },
        { "DECIMAL(18,2) INT64", "4711", "4711", No, No },
        { "DECIMAL(18,2) above 2^53", "90071992547409.93", "90071992547409.94", No, No }, // the double nearest to it, .9375
        { "DECIMAL(18,0) 2^53+1", "9007199254740993", No, No, No },
        { "DECIMAL(20,2) bytes", "123.45", "123.45", No, No },
        { "DECIMAL(20,2) negative bytes", "-123.45", "-123.45", No, No },
        { "DECIMAL(38,0) fixed", "4711", "4711", No, No },
        { "DECIMAL(38,37) fixed", "0.1000000000000000055511151231257827022", "0.1", No, No },
        { "DECIMAL(38,0) huge", "99999999999999999999999999999999999999", No, No, No },
        { "DECIMAL(9,2) flag", "1", "1", No, No },
        { "STRING number", "123.45", "123.45", No, No },
        { "STRING true", "true", No, No, "1" },
        { "STRING instant", "2026-10-01 12:00", No, Noon, No },
        { "STRING NaN", "NaN", No, No, No },
        { "STRING empty", "", No, No, No },
        { "STRING not UTF-8", No, No, No, No },
        { "ENUM", "view", No, No, No },
        { "JSON", "{}", No, No, No },
        { "BYTE_ARRAY UTF-8", "å", No, No, No },
        { "BYTE_ARRAY not UTF-8", No, No, No, No },
        { "BSON", No, No, No, No },
        { "UUID", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", No, No, No },
        { "FIXED", No, No, No, No },
        { "INTERVAL", No, No, No, No },
        { "DATE", "2026-10-01", No, "2026-10-01T00:00:00.000Z", No },
        { "DATE 1970-01-02", "1970-01-02", No, "1970-01-02T00:00:00.000Z", No },
        { "DATE beyond", No, No, No, No },
        { "TIME ms", "12:00:00.001Z", No, No, No },
        { "TIME us local", "12:00:00", No, No, No },
        { "TIME ns", "12:00:00.000000001Z", No, No, No },
        { "TIME of no day", No, No, No, No },
        { "TIMESTAMP ms", "2026-10-01T12:00:00Z", No, Noon, No },
        { "TIMESTAMP us", "2026-10-01T12:00:00.000001Z", No, Noon, No },
        { "TIMESTAMP us before 1970", "1969-12-31T23:59:59.999999Z", No, "1969-12-31T23:59:59.999Z", No },
        { "TIMESTAMP ns local", "2026-10-01T12:00:00.000000001", No, Noon, No },
        { "TIMESTAMP min", No, No, No, No },
        { "INT96", "2026-10-01T12:00:00Z", No, Noon, No },
        { "INT96 negative nanos", "1969-12-31T23:59:59.999999999Z", No, "1969-12-31T23:59:59.999Z", No },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Table))]
    public void A_stored_value_is_read_exactly_or_refused_by_name(string stored, string text, string number, string instant, string flag)
    {
        foreach (var optional in (bool[])[false, true])
        {
            Value(stored).Write(_folder["t.parquet"], optional);
            foreach (var (type, expected) in ((FieldType, string)[])[(FieldType.Text, text), (FieldType.Number, number), (FieldType.Time, instant), (FieldType.Flag, flag)])
            {
                var (value, error) = StoredValue.Read(_folder["t.parquet"], StoredValue.Column, type);
                Assert.True(value == expected, $"as {type}, optional {optional}: {value}, expected {expected}; {error}");
                Assert.True(error is null || error.Contains("column 'v'", StringComparison.Ordinal) || error.Contains("2^53", StringComparison.Ordinal), error);
            }
        }
    }

    [Fact]
    public void A_column_that_is_always_null_is_null_in_every_field()
    {
        new StoredValue(PhysicalType.Int32, LogicalType.Null, 0).Write(_folder["t.parquet"], optional: true);
        Assert.All(Enum.GetValues<FieldType>(), type => Assert.Equal("null", StoredValue.Read(_folder["t.parquet"], StoredValue.Column, type).Value));
    }

    [Theory]
    [InlineData("DECIMAL(20,2) bytes", FieldType.Flag, "stored as DECIMAL(20,2), which cannot be read as a flag")]
    [InlineData("UUID", FieldType.Number, "stored as UUID, which cannot be read as a number")]
    [InlineData("DATE", FieldType.Number, "stored as DATE, which cannot be read as a number")]
    [InlineData("TIME ms", FieldType.Time, "stored as TIME, which cannot be read as an instant")]
    [InlineData("FIXED", FieldType.Text, "stored as FixedLenByteArray, which cannot be read as text")]
    [InlineData("STRING not UTF-8", FieldType.Text, "is not UTF-8 in row 1")]
    [InlineData("BOOLEAN", FieldType.Number, "stored as Boolean, which cannot be read as a number")]
    public void What_is_refused_says_how_it_is_stored(string stored, FieldType type, string expected)
    {
        Value(stored).Write(_folder["t.parquet"], optional: false);
        Assert.Contains(expected, StoredValue.Read(_folder["t.parquet"], StoredValue.Column, type).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_that_are_UTF_8_only_together_are_refused()
    {
        using (var file = new ParquetFileWriter(_folder["t.parquet"], [new Column<byte[]>("v")]))
        {
            using (var group = file.AppendRowGroup())
            using (var writer = group.NextColumn().LogicalWriter<byte[]>())
            {
                writer.WriteBatch([[0x61, 0xC3], [0xA5]]);
            }

            file.Close();
        }

        Assert.Contains("is not UTF-8 in row 1", StoredValue.Read(_folder["t.parquet"], "v", FieldType.Text).Error, StringComparison.Ordinal);
    }

    private static StoredValue Value(string name) => name switch
    {
        "BOOLEAN" => new(PhysicalType.Boolean, LogicalType.None, true),
        "INT32 1" => new(PhysicalType.Int32, LogicalType.None, 1),
        "INT32 -2" => new(PhysicalType.Int32, LogicalType.None, -2),
        "INT_8 -1" => new(PhysicalType.Int32, () => LogicalType.Int(8, true), -1),
        "UINT_32 max" => new(PhysicalType.Int32, () => LogicalType.Int(32, false), -1),
        "INT64 noon" => Long(LogicalType.None, NoonMillis),
        "INT64 seconds" => Long(LogicalType.None, NoonMillis / 1_000),
        "INT64 2^53" => Long(LogicalType.None, 1L << 53),
        "INT64 2^53+1" => Long(LogicalType.None, (1L << 53) + 1),
        "INT64 min" => Long(LogicalType.None, long.MinValue),
        "UINT_64 noon" => Long(() => LogicalType.Int(64, false), NoonMillis),
        "UINT_64 1" => Long(() => LogicalType.Int(64, false), 1),
        "UINT_64 max" => Long(() => LogicalType.Int(64, false), -1),
        "FLOAT 0.1" => new(PhysicalType.Float, LogicalType.None, 0.1f),
        "FLOAT 4711" => new(PhysicalType.Float, LogicalType.None, 4711f),
        "FLOAT 2^24+2" => new(PhysicalType.Float, LogicalType.None, 16_777_218f),
        "DOUBLE card" => Real(4_111_111_111_111_111),
        "DOUBLE 0.1" => Real(0.1),
        "DOUBLE -0" => Real(-0.0),
        "DOUBLE 1" => Real(1),
        "DOUBLE 1e-7" => Real(1e-7),
        "DOUBLE 1.4e17" => Real(1.4334955861976131e17),
        "DOUBLE NaN" => Real(double.NaN),
        "DOUBLE infinite" => Real(double.NegativeInfinity),
        "FLOAT16 10.5" => Half16((Half)10.5),
        "FLOAT16 1" => Half16((Half)1),
        "FLOAT16 4096" => Half16((Half)4_096),
        "DECIMAL(9,2) INT32" => new(PhysicalType.Int32, () => LogicalType.Decimal(9, 2), -12_345),
        "DECIMAL(9,2) flag" => new(PhysicalType.Int32, () => LogicalType.Decimal(9, 2), 100),
        "DECIMAL(18,2) INT64" => Long(() => LogicalType.Decimal(18, 2), 471_100),
        "DECIMAL(18,2) above 2^53" => Long(() => LogicalType.Decimal(18, 2), 9_007_199_254_740_993),
        "DECIMAL(18,0) 2^53+1" => Long(() => LogicalType.Decimal(18, 0), 9_007_199_254_740_993),
        "DECIMAL(20,2) bytes" => new(PhysicalType.ByteArray, () => LogicalType.Decimal(20, 2), new byte[] { 0x30, 0x39 }),
        "DECIMAL(20,2) negative bytes" => new(PhysicalType.ByteArray, () => LogicalType.Decimal(20, 2), new byte[] { 0xFF, 0xCF, 0xC7 }),
        "DECIMAL(38,0) fixed" => Fixed(() => LogicalType.Decimal(38, 0), Digits("4711")),
        "DECIMAL(38,37) fixed" => Fixed(() => LogicalType.Decimal(38, 37), Digits("1000000000000000055511151231257827022")),
        "DECIMAL(38,0) huge" => Fixed(() => LogicalType.Decimal(38, 0), Digits(new string('9', 38))),
        "STRING number" => Utf8(LogicalType.String, "123.45"u8),
        "STRING true" => Utf8(LogicalType.String, "true"u8),
        "STRING instant" => Utf8(LogicalType.String, "2026-10-01 12:00"u8),
        "STRING NaN" => Utf8(LogicalType.String, "NaN"u8),
        "STRING empty" => Utf8(LogicalType.String, ""u8),
        "STRING not UTF-8" => Utf8(LogicalType.String, [0x4B, 0xF6, 0x6C, 0x6E]),
        "ENUM" => Utf8(LogicalType.Enum, "view"u8),
        "JSON" => Utf8(LogicalType.Json, "{}"u8),
        "BYTE_ARRAY UTF-8" => Utf8(LogicalType.None, "å"u8),
        "BYTE_ARRAY not UTF-8" => Utf8(LogicalType.None, [0xFF, 0x31]),
        "BSON" => Utf8(LogicalType.Bson, "x"u8),
        "UUID" => Fixed(LogicalType.Uuid, Guid.Parse("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11").ToByteArray(bigEndian: true)),
        "FIXED" => Fixed(LogicalType.None, Encoding.UTF8.GetBytes("0123456789abcdef")),
        "INTERVAL" => Fixed(LogicalType.Interval, new byte[12]),
        "DATE" => new(PhysicalType.Int32, LogicalType.Date, NoonDay),
        "DATE 1970-01-02" => new(PhysicalType.Int32, LogicalType.Date, 1),
        "DATE beyond" => new(PhysicalType.Int32, LogicalType.Date, int.MaxValue),
        "TIME ms" => new(PhysicalType.Int32, () => LogicalType.Time(true, TimeUnit.Millis), 43_200_001),
        "TIME us local" => Long(() => LogicalType.Time(false, TimeUnit.Micros), 43_200_000_000),
        "TIME ns" => Long(() => LogicalType.Time(true, TimeUnit.Nanos), 43_200_000_000_001),
        "TIME of no day" => Long(() => LogicalType.Time(true, TimeUnit.Nanos), 86_400_000_000_000),
        "TIMESTAMP ms" => Long(() => LogicalType.Timestamp(true, TimeUnit.Millis), NoonMillis),
        "TIMESTAMP us" => Long(() => LogicalType.Timestamp(true, TimeUnit.Micros), (NoonMillis * 1_000) + 1),
        "TIMESTAMP us before 1970" => Long(() => LogicalType.Timestamp(true, TimeUnit.Micros), -1),
        "TIMESTAMP ns local" => Long(() => LogicalType.Timestamp(false, TimeUnit.Nanos), (NoonMillis * 1_000_000) + 1),
        "TIMESTAMP min" => Long(() => LogicalType.Timestamp(true, TimeUnit.Millis), long.MinValue),
        "INT96" => new(PhysicalType.Int96, LogicalType.None, JulianDay(NoonDay, 43_200_000_000_000)),
        "INT96 negative nanos" => new(PhysicalType.Int96, LogicalType.None, JulianDay(0, -1)),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such value"),
    };

    private static StoredValue Long(Func<LogicalType> logical, long value) => new(PhysicalType.Int64, logical, value);

    private static StoredValue Real(double value) => new(PhysicalType.Double, LogicalType.None, value);

    private static StoredValue Utf8(Func<LogicalType> logical, ReadOnlySpan<byte> value) => new(PhysicalType.ByteArray, logical, value.ToArray());

    private static StoredValue Fixed(Func<LogicalType> logical, byte[] value) => new(PhysicalType.FixedLenByteArray, logical, value, value.Length);

    private static StoredValue Half16(Half value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteHalfLittleEndian(bytes, value);
        return Fixed(LogicalType.Float16, bytes);
    }

    private static Int96 JulianDay(int day, long nanos) => new((int)nanos, (int)(nanos >> 32), day + 2_440_588);

    private static byte[] Digits(string digits)
    {
        var bytes = BigInteger.Parse(digits, System.Globalization.CultureInfo.InvariantCulture).ToByteArray(isUnsigned: false, isBigEndian: true);
        return [.. new byte[16 - bytes.Length], .. bytes];
    }
}
