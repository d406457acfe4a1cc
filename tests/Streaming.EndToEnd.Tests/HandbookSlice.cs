using System.Globalization;
using Parquet;
using Parquet.Schema;

namespace Streaming.EndToEnd.Tests;

/// <summary>Handbook/slice.csv: some thousand of the handbook's transactions with the right values of their twelve features.</summary>
internal sealed class HandbookSlice
{
    private readonly string[][] _rows;

    private HandbookSlice(string[][] rows) => _rows = rows;

    /// <summary>The file itself.</summary>
    public static string Path => System.IO.Path.Combine(AppContext.BaseDirectory, "Handbook", "slice.csv");

    public int Count => _rows.Length;

    public static async Task<HandbookSlice> ReadAsync() =>
        new([.. (await File.ReadAllLinesAsync(Path)).Skip(1).Select(line => line.Split(','))]);

    /// <summary>The twelve features of a row, in the order of <see cref="HandbookHistory.OfRow"/>.</summary>
    public double[] FeaturesOf(int row) => Array.ConvertAll(_rows[row][6..], text => double.Parse(text, CultureInfo.InvariantCulture));

    /// <summary>Writes the transactions, without the features, as Parquet with the handbook's column types.</summary>
    public async Task WriteParquetAsync(string path)
    {
        DataField[] fields =
        [
            new DataField<long>("transaction_id"), new DateTimeDataField("ts", DateTimeFormat.Timestamp), new DataField<int>("customer_id"),
            new DataField<int>("terminal_id"), new DataField<double>("amount"), new DataField<sbyte>("fraud"),
        ];
        await using var file = File.Create(path);
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), file);
        using var group = writer.CreateRowGroup();
        await group.WriteAsync<long>(fields[0], Column(0, text => long.Parse(text, CultureInfo.InvariantCulture)));
        await group.WriteAsync<DateTime>(fields[1], Column(1, text => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).UtcDateTime));
        await group.WriteAsync<int>(fields[2], Column(2, text => int.Parse(text, CultureInfo.InvariantCulture)));
        await group.WriteAsync<int>(fields[3], Column(3, text => int.Parse(text, CultureInfo.InvariantCulture)));
        await group.WriteAsync<double>(fields[4], Column(4, text => double.Parse(text, CultureInfo.InvariantCulture)));
        await group.WriteAsync<sbyte>(fields[5], Column(5, text => sbyte.Parse(text, CultureInfo.InvariantCulture)));
    }

    private T[] Column<T>(int column, Converter<string, T> parse) => Array.ConvertAll(_rows, row => parse(row[column]));
}
