using System.Globalization;
using ParquetSharp;
using ParquetSharp.Schema;
using Streaming.Features.Events;
using Streaming.Offline.Parquet;
using Encoding = System.Text.Encoding;

namespace Streaming.Offline.Tests.Parquet;

public sealed class ParquetTableSpec : IDisposable
{
    private const long Instant = 1_532_476_800_123;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(TimeUnit.Millis, true)]
    [InlineData(TimeUnit.Millis, false)]
    [InlineData(TimeUnit.Micros, true)]
    [InlineData(TimeUnit.Micros, false)]
    [InlineData(TimeUnit.Nanos, true)]
    [InlineData(TimeUnit.Nanos, false)]
    public void A_timestamp_of_any_unit_is_read_as_utc_milliseconds(TimeUnit unit, bool adjusted)
    {
        var perMilli = unit == TimeUnit.Millis ? 1L : unit == TimeUnit.Micros ? 1_000 : 1_000_000;
        long[] stored = [Instant * perMilli, (Instant * perMilli) + perMilli - 1, -1, 0];
        WritePhysical(new Column(typeof(DateTime), "ts", LogicalType.Timestamp(adjusted, unit)), stored);
        Assert.Equal([Instant, Instant, -1, 0], Times());
    }

    [Fact]
    public void Integers_without_a_unit_are_milliseconds_and_seconds_are_refused()
    {
        WriteLogical<long?>(new Column<long?>("ts"), Instant, null);
        Assert.Equal([Instant, TimeColumn.Null], Times());
        WriteLogical(new Column<long>("ts"), Instant, Instant / 1_000);
        Assert.Contains("row 2 has in column 'ts' 1532476800, as milliseconds 1970-01-18T17:41:16.800Z: multiply seconds by 1000", Assert.Throws<TableFormatException>(() => Times()).Message, StringComparison.Ordinal);
        WriteLogical(new Column<int>("ts"), (int)(Instant / 1_000));
        Assert.Contains("multiply seconds by 1000", Assert.Throws<TableFormatException>(() => Times()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Null_is_nan_in_numbers_the_null_instant_in_times_and_null_in_texts()
    {
        WriteLogical<double?>(new Column<double?>("n"), 1.5, null, 3);
        Assert.Equal([1.5, double.NaN, 3], Numbers());
        WriteLogical<int?>(new Column<int?>("i"), null, 7, null);
        Assert.Equal([double.NaN, 7, double.NaN], Numbers());
        Assert.Equal([null, "7", null], Texts());
        WriteLogical<DateTime?>(new Column(typeof(DateTime?), "ts", LogicalType.Timestamp(true, TimeUnit.Micros)), null, DateTime.UnixEpoch);
        Assert.Equal([TimeColumn.Null, 0], Times());
        WriteLogical<string?>(new Column<string>("s"), "", null, "å");
        Assert.Equal(["", null, "å"], Texts());
    }

    [Fact]
    public void Random_nulls_stay_in_their_rows()
    {
        const int Seed = 20_26;
        var random = new Random(Seed);
        for (var round = 0; round < 20; round++)
        {
            var values = Enumerable.Range(0, random.Next(1, 5_000)).Select(_ => random.Next(3) == 0 ? (long?)null : random.NextInt64()).ToArray();
            WriteLogical(new Column<long?>("v"), values);
            Assert.True(values.Select(v => v?.ToString(CultureInfo.InvariantCulture)).SequenceEqual(Texts()), $"seed {Seed}, round {round}");
        }
    }

    [Fact]
    public void Small_integers_flags_floats_and_dates_are_converted()
    {
        WriteLogical<sbyte>(new Column<sbyte>("v"), -1, 2);
        Assert.Equal([-1, 2], Integers());
        WriteLogical(new Column<uint>("v"), uint.MaxValue, 0u);
        Assert.Equal([uint.MaxValue, 0], Integers());
        WriteLogical(new Column<bool>("v"), true, false);
        Assert.Equal([1, 0], Read<double>((group, into) => group.ReadFlags(0, into)));
        WriteLogical(new Column<float>("v"), 0.5f, float.NaN);
        Assert.Equal([0.5, double.NaN], Numbers());
        WriteLogical(new Column<ParquetSharp.Date>("v"), new ParquetSharp.Date(2018, 4, 1));
        Assert.Equal([DateTimeOffset.Parse("2018-04-01Z", CultureInfo.InvariantCulture).ToUnixTimeMilliseconds()], Times());
        WriteLogical(new Column<string>("v"), "2018-04-01 00:00:31", "2018-04-01T02:00:31+02:00");
        Assert.Equal([1_522_540_831_000, 1_522_540_831_000], Times());
    }

    [Fact]
    public void An_unknown_column_is_told_with_file_column_and_nearest_name()
    {
        WriteLogical(new Column<long>("customer_id"), 1L);
        using var table = TableFile.Open(_folder["t.parquet"]);
        var error = Assert.Throws<TableFormatException>(() => table.ColumnOf("card_id", ColumnMap.Parse("card_id=custmer_id")));
        Assert.Contains(_folder["t.parquet"], error.Message, StringComparison.Ordinal);
        Assert.Contains("'custmer_id' for field 'card_id'", error.Message, StringComparison.Ordinal);
        Assert.Contains("did you mean 'customer_id'", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, table.ColumnOf("card_id", ColumnMap.Parse("card_id=customer_id")));
        Assert.False(table.Gives("card_id", ColumnMap.Empty, optional: true));
    }

    [Fact]
    public void A_column_of_another_type_and_a_text_that_is_no_number_are_told()
    {
        WriteLogical(new Column<Guid>("amount"), Guid.Empty);
        Assert.Contains("'amount' is stored as UUID, which cannot be read as a number", Assert.Throws<TableFormatException>(() => Numbers()).Message, StringComparison.Ordinal);
        WriteLogical(new Column<string>("n"), "1", "x");
        Assert.Contains("column 'n' is not a number in row 2: 'x'", Assert.Throws<TableFormatException>(() => Numbers()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whole_numbers_with_a_null_are_none_that_can_be_keys_without_saying_so()
    {
        WriteLogical<long?>(new Column<long?>("id"), 1, null);
        Assert.False(Read<bool>((group, into) => into[0] = group.TryReadIntegers(0, new long[2]))[0]);
        Assert.Equal(["1", null], Texts());
    }

    [Fact]
    public void A_list_column_is_told()
    {
        WriteLogical<int[]>(new Column<int[]>("l"), [1, 2], []);
        using var table = TableFile.Open(_folder["t.parquet"]);
        using var group = table.OpenRowGroup(0);
        Assert.Contains("is a list", Assert.Throws<TableFormatException>(() => group.ReadNumbers(0, new double[2])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_parquet_file_is_told()
    {
        File.WriteAllText(_folder["t.parquet"], "a,b\n1,2\n3,4\n5,6\n");
        var error = Assert.Throws<TableFormatException>(() => TableFile.Open(_folder["t.parquet"]));
        Assert.Contains("not a Parquet file", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("parquet::", error.Message, StringComparison.Ordinal);
        Assert.Contains("no such file", Assert.Throws<TableFormatException>(() => TableFile.Open(_folder["u.parquet"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flat_column_and_a_field_of_a_struct_of_one_name_are_told()
    {
        using (var schema = new GroupNode("schema", Repetition.Required, [
            new GroupNode("card", Repetition.Required, [new PrimitiveNode("id", Repetition.Required, LogicalType.None(), PhysicalType.Int64)]),
            new PrimitiveNode("card.id", Repetition.Required, LogicalType.None(), PhysicalType.Int64)]))
        using (var builder = new WriterPropertiesBuilder())
        using (var properties = builder.Build())
        using (var file = new ParquetFileWriter(_folder["t.parquet"], schema, properties))
        {
            file.Close();
        }

        using var table = TableFile.Open(_folder["t.parquet"]);
        var error = Assert.Throws<TableFormatException>(() => table.Gives("card_id", ColumnMap.Parse("card_id=card.id"), optional: true));
        Assert.Contains("there are two columns 'card.id'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_bytes_are_read_or_refused()
    {
        const int Seed = 12;
        var random = new Random(Seed);
        var texts = Enumerable.Range(0, 500).Select(i => i % 9 == 0 ? null : $"text {i % 50}").ToArray();
        ParquetTableWriter.Write(
            _folder["t.parquet"],
            [ParquetColumn.Of("s", texts), ParquetColumn.Of("n", Array.ConvertAll(texts, text => (double)(text?.Length ?? 0))), ParquetColumn.OfTimes("t", Array.ConvertAll(texts, _ => Instant))],
            texts.Length,
            ParquetCompression.Snappy);
        var whole = File.ReadAllBytes(_folder["t.parquet"]);
        for (var round = 0; round < 500; round++)
        {
            var bytes = whole[..(random.Next(8) == 0 ? random.Next(whole.Length) : whole.Length)];
            for (var i = random.Next(1, 6); i > 0 && bytes.Length > 0; i--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            File.WriteAllBytes(_folder["t.parquet"], bytes);
            var error = Record.Exception(ReadAll);
            Assert.True(error is null or TableFormatException or TableDamagedException, $"seed {Seed}, round {round}: {error}");
        }
    }

    private void ReadAll()
    {
        using var table = TableFile.Open(_folder["t.parquet"]);
        for (var index = 0; index < table.RowGroupCount; index++)
        {
            using var group = table.OpenRowGroup(index);
            foreach (var column in Enumerable.Range(0, table.Columns.Length))
            {
                var error = Record.Exception(() => group.Read(column, FieldType.Text, new TextColumn()));
                Assert.True(error is null or TableFormatException or TableDamagedException, error?.ToString());
            }
        }
    }

    private void WritePhysical(Column column, long[] values)
    {
        using var file = new ParquetFileWriter(_folder["t.parquet"], [column]);
        using (var group = file.AppendRowGroup())
        using (var writer = (ColumnWriter<long>)group.NextColumn())
        {
            writer.WriteBatch(values.Length, Enumerable.Repeat((short)1, values.Length).ToArray(), default, values);
        }

        file.Close();
    }

    private void WriteLogical<T>(Column column, params T[] values)
    {
        using var file = new ParquetFileWriter(_folder["t.parquet"], [column]);
        using (var group = file.AppendRowGroup())
        using (var writer = group.NextColumn().LogicalWriter<T>())
        {
            writer.WriteBatch(values);
        }

        file.Close();
    }

    private T[] Read<T>(Action<TableRowGroup, T[]> read)
    {
        using var table = TableFile.Open(_folder["t.parquet"]);
        using var group = table.OpenRowGroup(0);
        var values = new T[group.Rows];
        read(group, values);
        return values;
    }

    private double[] Numbers() => Read<double>((group, into) => group.ReadNumbers(0, into));

    private long[] Times() => Read<long>((group, into) => group.ReadTimes(0, into));

    private long[] Integers() => Read<long>((group, into) => Assert.True(group.TryReadIntegers(0, into)));

    private List<string?> Texts() => [.. Read<string?>((group, into) =>
    {
        var texts = new TextColumn();
        group.Read(0, FieldType.Text, texts);
        for (var row = 0; row < into.Length; row++)
        {
            into[row] = texts.IsNull(row) ? null : Encoding.UTF8.GetString(texts[row]);
        }
    })];
}
