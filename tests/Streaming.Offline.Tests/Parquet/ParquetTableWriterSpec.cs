using System.Text;
using Streaming.Features.Events;
using Streaming.Offline.Parquet;

namespace Streaming.Offline.Tests.Parquet;

public sealed class ParquetTableWriterSpec : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ParquetCompression.None)]
    [InlineData(ParquetCompression.Snappy)]
    [InlineData(ParquetCompression.Lz4)]
    [InlineData(ParquetCompression.Zstd)]
    public void What_was_written_is_read_back(ParquetCompression compression)
    {
        const int Rows = 150_000;
        var random = new Random(5);
        var longs = Enumerable.Range(0, Rows).Select(i => (long)i << 30).ToArray();
        var ints = longs.Select(_ => random.Next()).ToArray();
        var doubles = ints.Select(i => i % 100 == 0 ? double.NaN : i / 7.0).ToArray();
        var floats = doubles.Select(x => (float)x).ToArray();
        var texts = ints.Select(i => i % 10 == 0 ? null : $"card_{i % 500}").ToArray();
        ParquetColumn[] columns =
        [
            ParquetColumn.Of("l", longs), ParquetColumn.Of("i", ints), ParquetColumn.Of("d", doubles), ParquetColumn.Of("f", floats),
            ParquetColumn.OfTimes("t", longs), ParquetColumn.Of("s", texts), ParquetColumn.Of("u", Slices(texts)),
        ];
        ParquetTableWriter.Write(_folder["w.parquet"], [.. columns], Rows, compression);

        using var table = TableFile.Open(_folder["w.parquet"]);
        Assert.Equal((2, Rows), (table.RowGroupCount, table.RowCount));
        var first = 0;
        for (var g = 0; g < table.RowGroupCount; g++)
        {
            using var group = table.OpenRowGroup(g);
            var range = first..(first += group.Rows);
            Assert.Equal(longs[range], Integers(group, 0));
            Assert.Equal(ints[range].Select(i => (long)i), Integers(group, 1));
            Assert.Equal(doubles[range], Numbers(group, 2));
            Assert.Equal(floats[range].Select(x => (double)x), Numbers(group, 3));
            var times = new TimeColumn();
            group.Read(4, FieldType.Time, times);
            Assert.Equal(longs[range], times.Values[..group.Rows]);
            Assert.Equal(texts[range], Texts(group, 5));
            Assert.Equal(texts[range], Texts(group, 6));
        }
    }

    [Fact]
    public void Refilled_arrays_are_appended()
    {
        var values = new long[3];
        using (var writer = new ParquetTableWriter(_folder["w.parquet"], [ParquetColumn.Of("v", values)]))
        {
            for (var i = 0; i < 3; i++)
            {
                values.AsSpan().Fill(i);
                writer.Append(0, i + 1);
            }

            writer.Complete();
        }

        using var table = TableFile.Open(_folder["w.parquet"]);
        Assert.Equal([1, 2, 3], Enumerable.Range(0, 3).Select(table.RowsOf));
        using var last = table.OpenRowGroup(2);
        Assert.Equal([2L, 2, 2], Integers(last, 0));
    }

    [Fact]
    public void A_file_that_is_not_completed_leaves_nothing_behind()
    {
        using (var writer = new ParquetTableWriter(_folder["w.parquet"], [ParquetColumn.Of("v", new long[10])]))
        {
            writer.Append(0, 10);
        }

        Assert.True(_folder.IsEmpty);
    }

    private static TextColumn Slices(string?[] texts)
    {
        var column = new TextColumn();
        column.EnsureCapacity(texts.Length);
        var bytes = new List<byte>();
        for (var row = 0; row < texts.Length; row++)
        {
            var utf8 = texts[row] is { } text ? Encoding.UTF8.GetBytes(text) : null;
            column.Set(row, bytes.Count, utf8?.Length ?? -1);
            bytes.AddRange(utf8 ?? []);
        }

        column.Buffer = [.. bytes];
        return column;
    }

    private static long[] Integers(TableRowGroup group, int column)
    {
        var values = new long[group.Rows];
        Assert.True(group.TryReadIntegers(column, values));
        return values;
    }

    private static double[] Numbers(TableRowGroup group, int column)
    {
        var numbers = new NumberColumn();
        group.Read(column, FieldType.Number, numbers);
        return numbers.Values[..group.Rows];
    }

    private static IEnumerable<string?> Texts(TableRowGroup group, int column)
    {
        var texts = new TextColumn();
        group.Read(column, FieldType.Text, texts);
        return Enumerable.Range(0, group.Rows).Select(row => texts.IsNull(row) ? null : Encoding.UTF8.GetString(texts[row]));
    }
}
