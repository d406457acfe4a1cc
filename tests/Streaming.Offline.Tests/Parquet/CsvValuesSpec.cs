using System.Text;
using Streaming.Features.Events;
using Streaming.Features.Numerics;
using Streaming.Offline.Parquet;

namespace Streaming.Offline.Tests.Parquet;

/// <summary>What a cell of CSV is read as, and what is refused.</summary>
public sealed class CsvValuesSpec : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("NaN")]
    [InlineData("nan")]
    [InlineData("Infinity")]
    [InlineData("NULL")]
    [InlineData("true")]
    [InlineData("1,5")]
    public void A_text_that_is_no_number_is_refused_as_one(string text)
    {
        using var table = Open($"a,b\n\"{text}\",1\n");
        using var group = table.OpenRowGroup(0);
        Assert.Contains("is not a number in row 1", Assert.Throws<TableFormatException>(() => group.ReadNumbers(0, new double[1])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1e400")]
    [InlineData("-1E+400")]
    [InlineData("1e-400")]
    public void A_number_that_no_double_holds_is_refused_as_out_of_range(string text)
    {
        using var table = Open($"a,b\n\"{text}\",1\n");
        using var group = table.OpenRowGroup(0);
        Assert.EndsWith(
            $"row 1 (the header not counted) has in column 'a' '{text}', which is out of range: {NumberRange.Rule}",
            Assert.Throws<TableFormatException>(() => group.ReadNumbers(0, new double[1])).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true", 1.0)]
    [InlineData("False", 0.0)]
    [InlineData("1", 1.0)]
    [InlineData("0.0", 0.0)]
    [InlineData("", double.NaN)]
    [InlineData("2", null)]
    [InlineData("yes", null)]
    [InlineData("NaN", null)]
    public void A_flag_is_true_or_false_or_one_or_zero(string text, double? expected)
    {
        using var table = Open($"a,b\n{text},1\n");
        using var group = table.OpenRowGroup(0);
        var flags = new double[1];
        var error = Record.Exception(() => group.ReadFlags(0, flags));
        Assert.Equal(expected, error is null ? flags[0] : null);
        Assert.True(error is null or TableFormatException, error?.Message);
    }

    [Fact]
    public void A_number_just_beyond_the_range_is_not_rounded_into_it()
    {
        using var table = Open("a\n9007199254740992\n9007199254740993\n-9007199254740992.5\n");
        using var group = table.OpenRowGroup(0);
        var numbers = new double[3];
        group.ReadNumbers(0, numbers);
        Assert.Equal([true, false, false], numbers.Select(NumberRange.Contains));
    }

    [Theory]
    [InlineData("4111111111111111", true)]
    [InlineData("4111111111111111.0", false)]
    [InlineData("4.111111111111111E+15", false)]
    [InlineData("4.1e+15", false)]
    [InlineData("4.1E15", false)]
    [InlineData("-4.1E15", false)]
    [InlineData("4111111111111111.", false)]
    [InlineData("-5.0", false)]
    [InlineData("nan", false)]
    [InlineData("1E5", true)]
    [InlineData("\"1.0\"", true)]
    [InlineData("007", true)]
    [InlineData("1.5", true)]
    [InlineData("12e4", true)]
    [InlineData("1.2e4", true)]
    [InlineData("1.0.0", true)]
    public void An_id_that_a_program_made_a_number_of_is_refused(string text, bool taken)
    {
        using var table = Open($"id,b\n{text},1\n");
        using var group = table.OpenRowGroup(0);
        var error = Record.Exception(() => Texts(group, 0).ToList());
        Assert.True(taken ? error is null : error is TableFormatException && error.Message.Contains("write the column as text", StringComparison.Ordinal), error?.Message);
    }

    [Fact]
    public void A_column_without_a_name_is_no_hindrance()
    {
        using var table = Open(",a,b,\n0,1,2,\n");
        using var group = table.OpenRowGroup(0);
        Assert.Equal(["1"], Texts(group, table.ColumnOf("a", ColumnMap.Empty)));
        Assert.Throws<TableFormatException>(() => Open("\n1\n"));
    }

    [Fact]
    public void Doubled_quotes_are_one_only_where_the_value_is_in_quotes()
    {
        using var table = Open("id,name\n1,5\"\"\n2,\"5\"\"\"\n3,\"\"\"\"\n");
        using var group = table.OpenRowGroup(0);
        Assert.Equal(["5\"\"", "5\"", "\""], Texts(group, 1));
    }

    [Fact]
    public void A_carriage_return_inside_quotes_is_a_character_like_any_other()
    {
        using var table = Open("id,name\r\n1,\"a\rb\"\r\n2,\"\r\"\r\n");
        using var group = table.OpenRowGroup(0);
        Assert.Equal(["a\rb", "\r"], Texts(group, 1));
    }

    [Theory]
    [InlineData("a,b\n", "row 1 (the header not counted) is longer than 16 MiB")]
    [InlineData("", "its header is longer than 16 MiB")]
    public void A_row_that_is_too_long_is_told(string before, string message)
    {
        var error = Assert.Throws<TableFormatException>(() => Open($"{before}\"{new string('x', 1 << 24)}\n1,2\n"));
        Assert.Contains($"{message}, as if it opened a quote that is never closed; close it", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_group_that_is_open_is_not_read_again()
    {
        using var table = Open("a,b\n1,2\n");
        using var group = table.OpenRowGroup(0);
        Assert.Same(group, table.OpenRowGroup(0));
    }

    [Fact]
    public void Damaged_bytes_are_read_or_refused()
    {
        const int Seed = 12;
        var random = new Random(Seed);
        var whole = Encoding.UTF8.GetBytes("id,\"na\"\"me\",ts\r\n1,\"å\n\",2026-10-01\r\n2,\"b\"\"\",2026-10-01T00:00:00Z\r\n\r\n");
        byte[] likely = [(byte)'"', (byte)',', (byte)'\n', (byte)'\r', 0, 0xFF, (byte)' ', (byte)'1'];
        for (var round = 0; round < 5_000; round++)
        {
            var bytes = whole[..(random.Next(4) == 0 ? random.Next(whole.Length) : whole.Length)];
            for (var i = random.Next(1, 6); i > 0 && bytes.Length > 0; i--)
            {
                bytes[random.Next(bytes.Length)] = likely[random.Next(likely.Length)];
            }

            File.WriteAllBytes(_folder["t.csv"], bytes);
            var error = Record.Exception(() =>
            {
                using var table = TableFile.Open(_folder["t.csv"]);
                for (var g = 0; g < table.RowGroupCount; g++)
                {
                    using var group = table.OpenRowGroup(g);
                    foreach (var column in Enumerable.Range(0, table.Columns.Length))
                    {
                        Assert.Equal(group.Rows, Texts(group, column).Count());
                    }
                }
            });
            Assert.True(error is null or TableFormatException, $"seed {Seed}, round {round}: {error}");
        }
    }

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
