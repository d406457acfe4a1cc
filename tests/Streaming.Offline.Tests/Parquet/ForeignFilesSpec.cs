using System.Globalization;
using System.Text.Json;
using Parquet.Schema;
using Streaming.Features.Events;
using Streaming.Offline.Parquet;

namespace Streaming.Offline.Tests.Parquet;

/// <summary>Files that others made: every column of each is read as another reader reads it, or refused; nothing crashes or hangs.</summary>
public sealed class ForeignFilesSpec
{
    // Compressed by an old LZ4, which the other reader takes for another and reads wrong numbers (the files' README has ours).
    private const string UnreadElsewhere = "hadoop_lz4";
    private static readonly TimeSpan s_bound = TimeSpan.FromMinutes(1);

    [SkippableTheory]
    [InlineData("parquet/data", 65)]
    [InlineData("parquet/bad_data", 8)]
    public async Task Parquet_files_are_read_or_refused(string folder, int count)
    {
        var path = SharedData.Find("shared/data/foreign/" + folder);
        Skip.If(path is null, "shared/data/foreign is not here");
        var files = Directory.GetFiles(path, "*.parquet");
        Assert.Equal(count, files.Length);
        var compared = 0;
        var faults = new List<string>();
        foreach (var file in files)
        {
            compared += await CheckAsync(file, faults).WaitAsync(s_bound);
        }

        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
        Assert.True(folder == "parquet/bad_data" || compared > 400, $"{compared} columns were compared");
    }

    [SkippableFact]
    public void Csv_files_have_the_cells_that_they_say()
    {
        var folder = SharedData.Find("shared/data/foreign/csv");
        Skip.If(folder is null, "shared/data/foreign is not here");
        Assert.All(Directory.GetFiles(Path.Combine(folder, "csvs")), file =>
        {
            var json = File.ReadAllText(Path.Combine(folder, "json", Path.GetFileNameWithoutExtension(file) + ".json")).Trim();
            var rows = JsonSerializer.Deserialize<List<Dictionary<string, string>>>(json[0] == '[' ? json : $"[{json}]")!;
            using var table = TableFile.Open(file);
            Assert.Equal(rows.Count, table.RowCount);
            using var group = table.OpenRowGroup(0);
            foreach (var column in table.Columns.Where(column => column != "Contact Phone Number"))
            {
                // That column's JSON is of another file. An empty cell is no value here.
                Assert.Equal(rows.Select(row => row[column].Length > 0 ? row[column] : "null"), Cells(group, table.ColumnOf(column, ColumnMap.Empty), FieldType.Text));
            }
        });
    }

    [SkippableTheory]
    [InlineData("full")]
    [InlineData("empty-page")]
    [InlineData("empty-page-first")]
    [InlineData("empty-group")]
    [InlineData("null-count")]
    [InlineData("no-null-count")]
    public void Pages_and_row_groups_without_rows_and_statistics_without_counts_change_nothing(string name)
    {
        var file = SharedData.Find($"shared/data/cases/files/{name}.parquet");
        Skip.If(file is null, "shared/data/cases is not here");
        var full = SharedData.Find($"shared/data/cases/files/{(name.Contains("count", StringComparison.Ordinal) ? "null-count" : "full")}.parquet");
        Assert.Equal(All(full!), All(file));
    }

    // The columns that both readers read.
    private static async Task<int> CheckAsync(string file, List<string> faults)
    {
        var compared = 0;
        var (table, _) = await Task.Run(() => Try(() => TableFile.Open(file)));
        if (table is null)
        {
            return compared;
        }

        using (table)
        {
            foreach (var name in table.Columns.Where(name => table.Columns.Count(other => other == name) == 1))
            {
                foreach (var type in Enum.GetValues<FieldType>())
                {
                    var (cells, _) = await Task.Run(() => Try(() => All(table, name, type)));
                    compared += cells is null || file.Contains(UnreadElsewhere, StringComparison.Ordinal) ? 0 : await CompareAsync(file, name, type, cells, table.IsInteger(table.Columns.IndexOf(name)), faults);
                }
            }
        }

        return compared;
    }

    private static async Task<int> CompareAsync(string file, string name, FieldType type, List<string> cells, bool isWhole, List<string> faults)
    {
        try
        {
            await using var reader = await global::Parquet.ParquetReader.CreateAsync(file);
            var field = reader.Schema.GetDataFields().FirstOrDefault(each => string.Join('.', each.Path.ToList()) == name);
            if (field is null || field.MaxRepetitionLevel > 0)
            {
                return 0;
            }

            var expected = new List<string?>();
            for (var group = 0; group < reader.RowGroupCount; group++)
            {
                using var rows = reader.OpenRowGroupReader(group);
                expected.AddRange(await ReadAsync(rows, field, type, isWhole));
            }

            var unlike = Enumerable.Range(0, Math.Min(cells.Count, expected.Count)).Where(row => expected[row] is { } value && value != cells[row]).Select(row => $"row {row}: {cells[row]}, expected {expected[row]}").ToList();
            if (cells.Count != expected.Count || unlike.Count > 0)
            {
                faults.Add($"{Path.GetFileName(file)} {name} as {type}: {cells.Count} of {expected.Count} rows; {string.Join("; ", unlike.Take(3))}");
            }

            return 1;
        }
        catch (Exception)
        {
            // What the other reader cannot read proves nothing of ours.
            return 0;
        }
    }

    private static async Task<IEnumerable<string?>> ReadAsync(global::Parquet.ParquetRowGroupReader rows, DataField field, FieldType type, bool isWhole)
    {
        object?[] values = field.ClrType switch
        {
            var t when t == typeof(string) => await ReadTextsAsync(rows, field),
            var t when t == typeof(bool) => await ReadAsync<bool>(rows, field),
            var t when t == typeof(sbyte) => await ReadAsync<sbyte>(rows, field),
            var t when t == typeof(short) => await ReadAsync<short>(rows, field),
            var t when t == typeof(int) => await ReadAsync<int>(rows, field),
            var t when t == typeof(long) => await ReadAsync<long>(rows, field),
            var t when t == typeof(uint) => await ReadAsync<uint>(rows, field),
            var t when t == typeof(ulong) => await ReadAsync<ulong>(rows, field),
            var t when t == typeof(float) => await ReadAsync<float>(rows, field),
            var t when t == typeof(double) => await ReadAsync<double>(rows, field),
            var t when t == typeof(DateTime) => await ReadAsync<DateTime>(rows, field),
            _ => throw new NotSupportedException(field.ClrType.Name),
        };
        return values.Select(value => Say(value, type, isWhole));
    }

    private static async Task<object?[]> ReadTextsAsync(global::Parquet.ParquetRowGroupReader rows, DataField field)
    {
        var values = new string?[rows.RowCount];
        await rows.ReadAsync(field, values.AsMemory()!);
        return values;
    }

    private static async Task<object?[]> ReadAsync<T>(global::Parquet.ParquetRowGroupReader rows, DataField field)
        where T : struct
    {
        if (field.IsNullable)
        {
            var optional = new T?[rows.RowCount];
            await rows.ReadAsync(field, optional.AsMemory());
            return Array.ConvertAll(optional, value => (object?)value);
        }

        var values = new T[rows.RowCount];
        await rows.ReadAsync(field, values.AsMemory());
        return Array.ConvertAll(values, value => (object?)value);
    }

    // Null where the other reader's value says nothing of ours.
    private static string? Say(object? value, FieldType type, bool isWhole) => (value, type) switch
    {
        (null, _) => "null",
        (bool flag, FieldType.Flag) => flag ? "1" : "0",
        (bool flag, FieldType.Text) => flag ? "true" : "false",
        (string text, FieldType.Text) => text,
        (float.NaN or double.NaN, FieldType.Number) => "null",
        (int or long, FieldType.Text) when !isWhole => null, // it takes times of a day for numbers
        (float or double, FieldType.Number) => FormattableString.Invariant($"{Convert.ToDouble(value, CultureInfo.InvariantCulture):R}"),
        (float or double or decimal, _) => null,
        (DateTime at, FieldType.Time) => new EventTime(new DateTimeOffset(DateTime.SpecifyKind(at, DateTimeKind.Utc)).ToUnixTimeMilliseconds()).ToString(),
        (sbyte or byte or short or ushort or int or uint or long or ulong, FieldType.Text) => Convert.ToString(value, CultureInfo.InvariantCulture),
        (sbyte or byte or short or ushort or int or uint or long or ulong, FieldType.Number) => FormattableString.Invariant($"{Convert.ToDouble(value, CultureInfo.InvariantCulture):R}"),
        _ => null,
    };

    private static List<string> All(string file)
    {
        using var table = TableFile.Open(file);
        return [.. table.Columns.SelectMany(column => All(table, column, FieldType.Text))];
    }

    private static List<string> All(TableFile table, string column, FieldType type)
    {
        var cells = new List<string>();
        for (var index = 0; index < table.RowGroupCount; index++)
        {
            using var group = table.OpenRowGroup(index);
            cells.AddRange(Cells(group, table.ColumnOf(column, ColumnMap.Empty), type));
        }

        return cells;
    }

    private static List<string> Cells(TableRowGroup group, int column, FieldType type)
    {
        EventColumn into = type switch { FieldType.Text => new TextColumn(), FieldType.Time => new TimeColumn(), _ => new NumberColumn() };
        group.Read(column, type, into);
        return [.. Enumerable.Range(0, group.Rows).Select(row => StoredValue.Text(into, row))];
    }

    private static (T? Value, string? Refusal) Try<T>(Func<T> read)
        where T : class
    {
        try
        {
            return (read(), null);
        }
        catch (Exception error) when (error is TableFormatException or TableDamagedException)
        {
            return (null, error.Message);
        }
    }
}
