using System.Globalization;
using ParquetSharp;
using Streaming.Features.Events;
using Streaming.Offline.Parquet;
using Encoding = System.Text.Encoding;

namespace Streaming.Offline.Tests.Parquet;

public sealed class ParquetTableSpec : IDisposable
{
    private const long Instant = 1_532_476_800_123;
    private readonly TemporaryFolder _folder = new();

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
        Assert.Equal([1, 0], Numbers());
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
    public void A_column_of_another_type_and_a_null_key_are_told()
    {
        WriteLogical(new Column<double>("amount"), 1.0);
        Assert.Contains("'amount' is stored as Double", Assert.Throws<TableFormatException>(() => Integers()).Message, StringComparison.Ordinal);
        WriteLogical<long?>(new Column<long?>("id"), 1, null);
        Assert.Contains("null in row 2,", Assert.Throws<TableFormatException>(() => Integers()).Message, StringComparison.Ordinal);
        WriteLogical(new Column<string>("n"), "1", "x");
        Assert.Contains("'x'", Assert.Throws<TableFormatException>(() => Numbers()).Message, StringComparison.Ordinal);
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

    private long[] Integers() => Read<long>((group, into) => group.ReadIntegers(0, into));

    private List<string?> Texts() => [.. Read<string?>((group, into) =>
    {
        var texts = new TextColumn();
        group.Read(0, texts);
        for (var row = 0; row < into.Length; row++)
        {
            into[row] = texts.IsNull(row) ? null : Encoding.UTF8.GetString(texts[row]);
        }
    })];
}
