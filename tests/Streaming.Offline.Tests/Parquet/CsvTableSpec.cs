using System.Globalization;
using System.Text;
using FsCheck.Xunit;
using Streaming.Features.Events;
using Streaming.Offline.Parquet;

namespace Streaming.Offline.Tests.Parquet;

public sealed class CsvTableSpec : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void Values_are_converted_by_what_is_asked_for(string end)
    {
        using var table = Open(string.Join(end, "id,amount,fraud,ts,name", "7,1.25,true,2018-04-01T00:00:31Z,a", "8,,false,,", "9,3e2,0,1522540831000,c"));
        using var group = table.OpenRowGroup(0);
        Assert.Equal(3, group.Rows);
        var (ids, times, amounts, frauds) = (new double[3], new long[3], new double[3], new double[3]);
        group.ReadNumbers(0, ids);
        group.ReadNumbers(1, amounts);
        group.ReadFlags(2, frauds);
        group.ReadTimes(3, times);
        Assert.Equal([7, 8, 9], ids);
        Assert.Equal([1.25, double.NaN, 300], amounts);
        Assert.Equal([1, 0, 0], frauds);
        Assert.Equal([1_522_540_831_000, TimeColumn.Null, 1_522_540_831_000], times);
        Assert.Equal(["a", null, "c"], Texts(group, 4));
    }

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_first_name()
    {
        using var table = Open("\uFEFFid,b\n1,2\n");
        Assert.Equal("id b", string.Join(' ', table.Columns));
    }

    [Fact]
    public void Tabs_separate_in_tsv()
    {
        File.WriteAllText(_folder["t.tsv"], "a\tb\n1,5\t2\n");
        using var table = TableFile.Open(_folder["t.tsv"]);
        using var group = table.OpenRowGroup(0);
        Assert.Equal(["1,5"], Texts(group, 0));
    }

    [Property(MaxTest = 500, EndSize = 60)]
    public void Any_text_comes_back_as_it_was_written(byte[][] cells, bool endsItsLastLine)
    {
        string[] parts = ["\"", ",", "\n", "\r\n", "x", "å", " ", "\t"];
        var rows = cells.Select(picks => string.Concat(picks.Take(5).Select(pick => parts[pick % parts.Length]))).Chunk(3).Where(row => row.Length == 3).ToArray();
        using var table = Open("a,b,c\n" + string.Join("\n", rows.Select(row => string.Join(",", row.Select(Quoted)))) + (endsItsLastLine && rows.Length > 0 ? "\n" : ""));
        Assert.Equal(rows.Length, table.RowCount);
        using var group = rows.Length > 0 ? table.OpenRowGroup(0) : null;
        for (var column = 0; group is not null && column < 3; column++)
        {
            Assert.Equal(rows.Select(row => row[column].Length == 0 ? null : row[column]), Texts(group, column));
        }
    }

    [Fact]
    public void Long_files_are_read_in_groups()
    {
        const int Rows = 300_000;
        var text = new StringBuilder("n,s\n");
        for (var i = 0; i < Rows; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{i},\"{(i % 1000 == 0 ? "\n" : "")}v\"\n");
        }

        using var table = Open(text.ToString());
        Assert.Equal((3, Rows), (table.RowGroupCount, table.RowCount));
        var all = new List<long>();
        for (var g = 0; g < table.RowGroupCount; g++)
        {
            using var group = table.OpenRowGroup(g);
            var values = new double[table.RowsOf(g)];
            group.ReadNumbers(0, values);
            all.AddRange(values.Select(value => (long)value));
        }

        Assert.Equal(Enumerable.Range(0, Rows).Select(i => (long)i), all);
    }

    [Fact]
    public void A_quote_inside_a_field_is_a_character_like_any_other()
    {
        using var table = Open("id,name\n1,17\" screen\n2,\"5\"\"\"\n3,x\"y\"\n4,z\n");
        Assert.Equal(4, table.RowCount);
        using var group = table.OpenRowGroup(0);
        Assert.Equal(["17\" screen", "5\"", "x\"y\"", "z"], Texts(group, 1));
    }

    [Fact]
    public void Rows_behind_a_stray_quote_are_read_also_where_blocks_of_the_file_meet()
    {
        const int Rows = 200_001;
        using var table = Open("n,s\n" + string.Concat(Enumerable.Range(0, Rows).Select(i => $"{i},{(i % 3 == 0 ? "\"a\"\"\"" : "b\"")}\n")));
        Assert.Equal(Rows, table.RowCount);
        for (var g = 0; g < table.RowGroupCount; g++)
        {
            using var group = table.OpenRowGroup(g);
            Assert.All(Texts(group, 1), text => Assert.Contains(text, (string[])["a\"", "b\""]));
        }
    }

    [Theory]
    [InlineData("a,b\n1,2\n3,\"x\n4,5\n", "row 2 (the header not counted) opens a quote that is never closed")]
    [InlineData("a,b\n1,2\n3,\"x\"y\n4,5\n", "row 2 (the header not counted) has a quote in column 'b' that is not closed, or text before the opening or behind the closing one")]
    [InlineData("a,b\n1,2\n3, \"x,y\"\n", "row 2 (the header not counted) has a quote in column 'b' that is not closed, or text before the opening")]
    [InlineData("\"a,b\n1,2\n", "its header has a quote that is not closed")]
    [InlineData("a,b\n1,2\n3\n", "row 2 (the header not counted) has only 1 field")]
    [InlineData("a,b\n1,2,3\n", "row 1 (the header not counted) has more fields")]
    [InlineData("a,b\n1,2\n\n3,4\n", "row 2 (the header not counted) is a blank line; remove it")]
    [InlineData("a,b\n1,2\n\r\n3,4\n", "row 2 (the header not counted) is a blank line; remove it")]
    [InlineData("a,b\r1,2\r3,4\r", "its header ends with a carriage return that no line feed follows; end lines with LF or CR LF")]
    [InlineData("a,b\n1,2\r3,4\r", "row 1 (the header not counted) has a carriage return in column 'b' that no line feed follows")]
    [InlineData("a,b\n1,2\n\"3\"\r4,5\n", "row 2 (the header not counted) has a carriage return in column 'a'")]
    [InlineData("a;b\n1;2\n", "its header is one column, 'a;b': semicolons separate its names; write the file with commas between values, and points in decimal numbers")]
    [InlineData("a\tb\n1\t2\n", "tabs separate its names; call the file .tsv")]
    [InlineData("a,a\n1,2\n", "must name each column once")]
    public void A_malformed_file_is_told_with_its_row(string text, string message)
    {
        var error = Assert.Throws<TableFormatException>(() =>
        {
            using var table = Open(text);
            table.OpenRowGroup(0).Dispose();
        });
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(_folder["t.csv"], error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a,b\n1,2\n3,\u00E9\n", "row 2 (the header not counted) is not UTF-8 in column 'b'; save the file as UTF-8")]
    [InlineData("a,\u00E9\n1,2\n", "its header is not UTF-8; save the file as UTF-8")]
    public void Text_that_is_not_UTF_8_is_told_with_its_row(string text, string message)
    {
        var error = Assert.Throws<TableFormatException>(() =>
        {
            File.WriteAllBytes(_folder["t.csv"], Encoding.Latin1.GetBytes(text));
            using var table = TableFile.Open(_folder["t.csv"]);
            table.OpenRowGroup(0).Dispose();
        });
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Blanks_around_a_value_without_quotes_are_no_part_of_it()
    {
        using var table = Open("a, b\n c1 ,1 \n\" c1 \",\t2\nc 1, \n");
        using var group = table.OpenRowGroup(0);
        Assert.Equal("a b", string.Join(' ', table.Columns));
        Assert.Equal(["c1", " c1 ", "c 1"], Texts(group, 0));
        Assert.Equal(["1", "2", null], Texts(group, 1));
    }

    [Theory]
    [InlineData(2, "\n\n\n")]
    [InlineData(2, "\r\n\r\n")]
    [InlineData(2, "")]
    [InlineData(0, "\n\n")]
    [InlineData(CsvIndex.RowsPerGroup, "\n\n")]
    [InlineData(CsvIndex.RowsPerGroup - 1, "\n\n\n")]
    public void Blank_lines_at_the_end_are_no_rows(int rows, string end)
    {
        using var table = Open("a,b\n" + string.Join('\n', Enumerable.Repeat("1,2", rows)) + end);
        Assert.Equal(rows, table.RowCount);
        for (var group = 0; group < table.RowGroupCount; group++)
        {
            using var open = table.OpenRowGroup(group);
            Assert.All(Texts(open, 1), text => Assert.Equal("2", text));
        }
    }

    [Fact]
    public void A_value_that_is_no_number_is_told_with_column_and_row()
    {
        using var table = Open("a,b\n1,2\n3,x\n");
        using var group = table.OpenRowGroup(0);
        var error = Assert.Throws<TableFormatException>(() => group.ReadNumbers(1, new double[2]));
        Assert.Contains("column 'b' is not a number in row 2", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2018-04-01T00:00:31Z", 1_522_540_831_000)]
    [InlineData("2018-04-01 00:00:31", 1_522_540_831_000)]
    [InlineData("2018-04-01T02:00:31+02:00", 1_522_540_831_000)]
    [InlineData("2018-04-01T00:00:31.25", 1_522_540_831_250)]
    [InlineData("2018-04-01T00:00:31.250999999Z", 1_522_540_831_250)]
    [InlineData("2018-04-01T00:00Z", 1_522_540_800_000)]
    [InlineData("2018-04-01", 1_522_540_800_000)]
    [InlineData("1522540831000", 1_522_540_831_000)]
    [InlineData("1969-12-31 23:59:59", -1_000)]
    [InlineData("2020-02-29T23:59:59Z", 1_583_020_799_000)]
    [InlineData("2018-04-01 02:00:31 +02:00", 1_522_540_831_000)]
    [InlineData("2018-04-01 00:00", 1_522_540_800_000)]
    public void Times_are_ISO_8601_or_milliseconds(string text, long expected)
    {
        using var table = Open($"a,b\n{text},1\n");
        using var group = table.OpenRowGroup(0);
        var times = new long[1];
        group.ReadTimes(0, times);
        Assert.Equal(expected, times[0]);
    }

    [Theory]
    [InlineData("10000000000", true)]
    [InlineData("-10000000000", true)]
    [InlineData("9999999999", false)]
    [InlineData("-9999999999", false)]
    [InlineData("0", false)]
    public void A_number_that_would_be_a_time_in_seconds_is_refused(string text, bool taken)
    {
        using var table = Open($"a,b\n{text},1\n");
        using var group = table.OpenRowGroup(0);
        var error = Record.Exception(() => group.ReadTimes(0, new long[1]));
        Assert.Equal(taken, error is null);
        Assert.True(taken || error!.Message.Contains("multiply seconds by 1000; no event is within 116 days of 1970", StringComparison.Ordinal), error?.Message);
    }

    [Theory]
    [InlineData("14:30:00")]
    [InlineData("04/01/2018")]
    [InlineData("1 April 2018")]
    [InlineData("2018-04")]
    [InlineData("2018-13-01T00:00:00Z")]
    [InlineData("2019-02-29T00:00:00Z")]
    [InlineData("2018-04-01T24:00:00Z")]
    [InlineData("2018-04-01 00:00:60")]
    [InlineData("0000-04-01T00:00:00")]
    [InlineData("2018-04-01T00:00:+1Z")]
    public void A_time_that_leaves_its_reading_open_is_refused(string text)
    {
        using var table = Open($"a,b\n{text},1\n");
        using var group = table.OpenRowGroup(0);
        var error = Assert.Throws<TableFormatException>(() => group.ReadTimes(0, new long[1]));
        Assert.Contains($"row 1 (the header not counted) has in column 'a' '{text}', no instant (ISO 8601, or milliseconds)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_map_names_the_columns_of_fields_and_refuses_what_it_cannot_read()
    {
        var map = ColumnMap.Parse("card_id=customer_id, event_id=transaction_id");
        Assert.Equal(("customer_id", "transaction_id", "amount"), (map.ColumnOf("card_id"), map.ColumnOf("event_id"), map.ColumnOf("amount")));
        Assert.Contains("'card_id'", Assert.Throws<FormatException>(() => ColumnMap.Parse("card_id")).Message, StringComparison.Ordinal);
        Assert.Contains("twice", Assert.Throws<FormatException>(() => ColumnMap.Parse("a=b,a=c")).Message, StringComparison.Ordinal);
    }

    private static string Quoted(string value) =>
        value.AsSpan().IndexOfAny("\",\n\r") < 0 && value == value.Trim() ? value : "\"" + value.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    private static IEnumerable<string?> Texts(TableRowGroup group, int column)
    {
        var texts = new TextColumn();
        group.Read(column, FieldType.Text, texts);
        return Enumerable.Range(0, group.Rows).Select(row => texts.IsNull(row) ? null : Encoding.UTF8.GetString(texts[row]));
    }

    private TableFile Open(string text)
    {
        File.WriteAllText(_folder["t.csv"], text);
        return TableFile.Open(_folder["t.csv"]);
    }
}
