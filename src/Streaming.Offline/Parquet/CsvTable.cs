using System.Collections.Immutable;
using System.Text;
using System.Text.Unicode;
using nietras.SeparatedValues;

namespace Streaming.Offline.Parquet;

/// <summary>
/// A CSV file with a header (RFC 4180, UTF-8). An empty field is null, blanks around fields without quotes and blank lines at the end
/// are nothing. Row groups are made up, 131,072 rows each, so that it reads as a Parquet file does; opening passes over the file once to
/// find them. The row group that was opened last stays in memory.
/// </summary>
public sealed class CsvTable : TableFile
{
    internal const string LineEndHint = "end lines with LF or CR LF (tr '\\r' '\\n' turns old Mac line ends into LF)";
    internal const string EncodingHint = "save the file as UTF-8 (iconv -f LATIN1 -t UTF-8, where it is Latin-1)";
    private readonly FileStream _file;
    private readonly CsvIndex _index;
    private readonly byte _delimiter;
    private (int Index, CsvRowGroup Group)? _opened;

    internal CsvTable(string path, byte delimiter)
        : base(path)
    {
        _delimiter = delimiter;
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
        try
        {
            _index = ReadIndex(out var columns);
            Columns = columns;
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override int RowGroupCount => _index.Groups;

    /// <inheritdoc/>
    public override long RowCount => _index.RowCount;

    /// <inheritdoc/>
    public override bool IsInteger(int column) => false;

    /// <inheritdoc/>
    public override int RowsOf(int rowGroup) => _index.RowsOf(rowGroup);

    /// <inheritdoc/>
    public override TableRowGroup OpenRowGroup(int rowGroup)
    {
        if (_opened is not { } last || last.Index != rowGroup)
        {
            // Not two groups at once.
            _opened = null;
            var (start, end) = _index.BytesOf(rowGroup);
            var bytes = ReadBytes(start, end);
            var rowsBefore = (long)rowGroup * CsvIndex.RowsPerGroup;
            last = (rowGroup, new CsvRowGroup(this, bytes, _delimiter, RowsOf(rowGroup), rowsBefore));
            _opened = last;
        }

        return last.Group;
    }

    /// <inheritdoc/>
    public override void Dispose() => _file.Dispose();

    private byte[] ReadBytes(long start, long end)
    {
        var bytes = new byte[checked((int)(Math.Min(end, _file.Length) - start))];
        for (var used = 0; used < bytes.Length;)
        {
            var read = RandomAccess.Read(_file.SafeFileHandle, bytes.AsSpan(used), start + used);
            used += read > 0 ? read : throw new TableFormatException($"{Path}: the file became shorter while it was read");
        }

        return bytes;
    }

    private CsvIndex ReadIndex(out ImmutableArray<string> columns)
    {
        var header = ReadBytes(0, 3).AsSpan().SequenceEqual("\uFEFF"u8) ? 3 : 0;
        _file.Position = header;
        using var rows = new CsvRows(_file, _delimiter, Path, firstRow: 0);
        var hasHeader = rows.MoveNext();
        var firstRow = hasHeader ? header + rows.Bytes : header;
        columns = hasHeader ? Names(rows.Current, ReadBytes(header, firstRow))
            : throw new TableFormatException($"{Path}: the file is empty; its first line must name the columns");
        return new CsvIndex(rows, firstRow);
    }

    private ImmutableArray<string> Names(SepReader.Row header, ReadOnlySpan<byte> bytes)
    {
        var names = ImmutableArray.CreateBuilder<string>(header.ColCount);
        for (var (column, at) = (0, 0); column < header.ColCount; column++)
        {
            var text = header[column].Span;
            var cell = CsvCell.Of(text, endsRow: column == header.ColCount - 1);
            var name = bytes.Slice(at + cell.Start, cell.Length);
            names.Add(HeaderFault(cell.Fault, name) is { } fault
                ? throw new TableFormatException($"{Path}: its header {fault}")
                : Encoding.UTF8.GetString(name).Replace("\"\"", "\"", StringComparison.Ordinal).Trim());
            at += text.Length + 1;
        }

        if (ExcelFault(bytes) is { } line)
        {
            throw new TableFormatException($"{Path}: {line}");
        }

        if (names.Count == 1 && OtherDelimiter(names[0]) is { } hint)
        {
            throw new TableFormatException($"{Path}: its header is one column, '{names[0]}': {hint}");
        }

        // No field is read from a column without a name, such as an index that pandas wrote.
        var named = names.Where(name => name.Length > 0).ToList();
        return named.Count > 0 && named.Distinct().Count() == named.Count ? names.ToImmutable() : throw NotNamed(names);
    }

    private TableFormatException NotNamed(IEnumerable<string> names) =>
        new($"{Path}: its first line must name each column once; it is '{string.Join(",", names)}'");

    private static string? HeaderFault(CsvFault fault, ReadOnlySpan<byte> name) => fault switch
    {
        CsvFault.Quote => "has a quote that is not closed, or text before or behind one; write the names without quotes",
        CsvFault.CarriageReturn => $"ends with a carriage return that no line feed follows; {LineEndHint}",
        _ => Utf8.IsValid(name) ? null : $"is not UTF-8; {EncodingHint}",
    };

    /// <summary>A line that tells Excel the delimiter (<c>sep=;</c>) is no header.</summary>
    private string? ExcelFault(ReadOnlySpan<byte> line)
    {
        var text = Encoding.UTF8.GetString(line).TrimEnd('\r', '\n').Trim('"');
        if (text.Length > "sep=;".Length || !text.StartsWith("sep=", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var other = OtherDelimiter(text) is { } hint
            ? $". It says that {hint.Replace("its names", "values", StringComparison.Ordinal)}"
            : "";
        return $"its first line, '{text}', is for Excel; remove it: tail -n +2 {Path} > new{System.IO.Path.GetExtension(Path)}{other}";
    }

    // What separates the names of a file that is named for another delimiter.
    private string? OtherDelimiter(string header) => _delimiter switch
    {
        (byte)',' when header.Contains('\t', StringComparison.Ordinal) => "tabs separate its names; call the file .tsv",
        (byte)'\t' when header.Contains(',', StringComparison.Ordinal) => "commas separate its names; call the file .csv",
        _ when header.Contains(';', StringComparison.Ordinal) =>
            "semicolons separate its names; write the file with commas between values, and points in decimal numbers",
        _ => null,
    };
}
