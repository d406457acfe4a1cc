using System.Text;
using System.Text.Unicode;
using Streaming.Features.Events;
using Streaming.Features.Numerics;
using Streaming.Hocon;
using nietras.SeparatedValues;

namespace Streaming.Offline.Parquet;

/// <summary>Rows of a CSV file in memory, cut into cells once.</summary>
internal sealed class CsvRowGroup : TableRowGroup
{
    private readonly TableFile _file;
    private readonly byte[] _bytes;
    private readonly long _rowsBefore;
    private readonly int[] _start;
    private readonly int[] _length;
    private readonly int _columns;

    public CsvRowGroup(TableFile file, byte[] bytes, byte delimiter, int rows, long rowsBefore)
        : base(rows)
    {
        _file = file;
        _bytes = bytes;
        _rowsBefore = rowsBefore;
        _columns = file.Columns.Length;
        _start = new int[rows * _columns];
        _length = new int[rows * _columns];
        Cut(delimiter);
        if (!Utf8.IsValid(bytes))
        {
            throw NotUtf8();
        }
    }

    public override void ReadNumbers(int column, Span<double> into)
    {
        for (var row = 0; row < Rows; row++)
        {
            var text = Field(row, column);
            into[row] = text.IsEmpty ? double.NaN : TextValue.TryNumber(text, out var value) ? value : throw NoNumber(row, column);
        }
    }

    public override void ReadFlags(int column, Span<double> into)
    {
        for (var row = 0; row < Rows; row++)
        {
            var text = Field(row, column);
            into[row] = text.IsEmpty ? double.NaN : TextValue.TryFlag(text, out var value) ? value : throw NotA(row, column, "a flag");
        }
    }

    public override void ReadTimes(int column, Span<long> into)
    {
        for (var row = 0; row < Rows; row++)
        {
            var text = Field(row, column);
            into[row] = text.IsEmpty ? TimeColumn.Null
                : TextTime.TryRead(text, out var value)
                ? value
                : throw Malformed(row, $"has in column '{_file.Columns[column]}' {TextTime.Fault(text)}");
        }
    }

    public override void ReadTexts(int column, TextColumn into)
    {
        var builder = new TextBuilder(into, Rows);
        for (var row = 0; row < Rows; row++)
        {
            var text = Field(row, column);
            if (text.IsEmpty)
            {
                builder.AddNull(row);
            }
            else if (!IsQuoted(row, column) && TextValue.IsNumberOfAnId(text))
            {
                throw NotA(
                    row,
                    column,
                    "a text as it was",
                    "; a program made a number of an id: write the column as text, or in quotes where it is meant so");
            }
            else
            {
                builder.Add(row, IsQuoted(row, column) && text.Contains((byte)'"') ? WithoutDoubledQuotes(text) : text);
            }
        }

        builder.Finish(Rows);
    }

    public override void Dispose()
    {
        // The file keeps the group: its columns are read one after the other.
    }

    private static byte[] WithoutDoubledQuotes(ReadOnlySpan<byte> text) =>
        Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text).Replace("\"\"", "\"", StringComparison.Ordinal));

    private void Cut(byte delimiter)
    {
        using var rows = new CsvRows(new MemoryStream(_bytes), delimiter, _file.Path, _rowsBefore + 1);
        var at = 0;
        for (var row = 0; row < Rows; row++)
        {
            if (!rows.MoveNext())
            {
                throw Malformed(row, "is missing; the file changed while it was read");
            }

            if (rows.IsBlank && _columns > 1)
            {
                throw Malformed(row, "is a blank line; remove it (only lines at the end of the file may be blank)");
            }

            Cut(row, rows.Current, at);
            at += rows.Bytes;
        }
    }

    private void Cut(int row, SepReader.Row cells, int at)
    {
        for (var column = 0; column < Math.Min(cells.ColCount, _columns); column++)
        {
            var text = cells[column].Span;
            var cell = CsvCell.Of(text, endsRow: column == cells.ColCount - 1);
            if (cell.Fault != CsvFault.None)
            {
                throw Malformed(row, FaultText(cell.Fault, _file.Columns[column]));
            }

            var field = (row * _columns) + column;
            (_start[field], _length[field]) = (at + cell.Start, cell.Length);
            at += text.Length + 1;
        }

        if (cells.ColCount != _columns)
        {
            throw Malformed(
                row,
                $"has {(cells.ColCount < _columns ? $"only {Counted.Of(cells.ColCount, "field")}" : "more fields")} where " +
                $"{Counted.Of(_columns, "column")} {Counted.Are(_columns)} named; quote " +
                "values that hold delimiters");
        }
    }

    private ReadOnlySpan<byte> Field(int row, int column) =>
        _bytes.AsSpan(_start[(row * _columns) + column], _length[(row * _columns) + column]);

    private bool IsQuoted(int row, int column) => _start[(row * _columns) + column] is > 0 and var start && _bytes[start - 1] == '"';

    private static string FaultText(CsvFault fault, string column) => fault == CsvFault.Quote
        ? $"has a quote in column '{column}' that is not closed, or text before the opening or behind the closing one; double the quotes " +
            "that belong to a value"
        : $"has a carriage return in column '{column}' that no line feed follows; {CsvTable.LineEndHint}";

    private TableFormatException NotUtf8()
    {
        var field = Enumerable.Range(0, _start.Length).First(at => !Utf8.IsValid(_bytes.AsSpan(_start[at], _length[at])));
        return Malformed(field / _columns, $"is not UTF-8 in column '{_file.Columns[field % _columns]}'; {CsvTable.EncodingHint}");
    }

    private TableFormatException Malformed(int row, string fault) =>
        new($"{_file.Path}: row {_rowsBefore + row + 1} (the header not counted) {fault}");

    private TableFormatException NoNumber(int row, int column) => TextValue.IsOutOfRange(Field(row, column))
        ? Malformed(
            row,
            $"has in column '{_file.Columns[column]}' '{Encoding.UTF8.GetString(Field(row, column))}', which is out of range: " +
            NumberRange.Rule)
        : NotA(row, column, "a number");

    private TableFormatException NotA(int row, int column, string wanted, string hint = "") =>
        new($"{_file.Path}: column '{_file.Columns[column]}' is not {wanted} in row {_rowsBefore + row + 1} (the header not counted): " +
            $"'{Encoding.UTF8.GetString(Field(row, column))}'{hint}");
}
