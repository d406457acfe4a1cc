using System.Collections.Immutable;
using System.Text;
using System.Text.Unicode;

namespace Streaming.Offline.Parquet;

/// <summary>
/// A CSV file with a header (RFC 4180, UTF-8). An empty field is null, blanks around fields without quotes and blank lines at the end
/// are nothing. Row groups are made up, 131,072 rows each, so that it reads as a Parquet file does; opening passes over the file once to
/// find them.
/// </summary>
public sealed class CsvTable : TableFile
{
    internal const string LineEndMend = "end lines with LF or CR LF (tr '\\r' '\\n' turns old Mac line ends into LF)";
    internal const string EncodingMend = "save the file as UTF-8 (iconv -f LATIN1 -t UTF-8, where it is Latin-1)";
    private const int MaxHeaderBytes = 1 << 20;
    private readonly FileStream _file;
    private readonly CsvIndex _index;
    private readonly byte _delimiter;

    internal CsvTable(string path, byte delimiter)
        : base(path)
    {
        _delimiter = delimiter;
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
        try
        {
            Columns = ReadHeader(out var firstRow);
            _index = CsvIndex.Of(_file, firstRow, delimiter);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override int RowGroupCount => _index.Rows.Count;

    /// <inheritdoc/>
    public override long RowCount => _index.Rows.Sum(rows => (long)rows);

    /// <inheritdoc/>
    public override bool IsInteger(int column) => false;

    /// <inheritdoc/>
    public override int RowsOf(int rowGroup) => _index.Rows[rowGroup];

    /// <inheritdoc/>
    public override TableRowGroup OpenRowGroup(int rowGroup)
    {
        var bytes = new byte[checked((int)(_index.Starts[rowGroup + 1] - _index.Starts[rowGroup]))];
        _file.Position = _index.Starts[rowGroup];
        _file.ReadExactly(bytes);
        return new CsvRowGroup(this, bytes, _delimiter, _index.Rows[rowGroup], (long)rowGroup * CsvIndex.RowsPerGroup);
    }

    /// <inheritdoc/>
    public override void Dispose() => _file.Dispose();

    private ImmutableArray<string> ReadHeader(out long firstRow)
    {
        var bytes = new byte[(int)Math.Min(_file.Length, MaxHeaderBytes)];
        _file.ReadExactly(bytes);
        var used = bytes.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0;
        var names = ImmutableArray.CreateBuilder<string>();
        for (var endsRow = false; !endsRow;)
        {
            var text = bytes.AsSpan(used);
            var field = CsvRow.Next(text, _delimiter);
            var name = text.Slice(field.Start, field.Length);
            if (HeaderFault(field.Fault, name) is { } fault)
            {
                throw new TableFormatException($"{Path}: its header {fault}");
            }

            (used, endsRow) = (used + field.Taken, field.EndsRow);
            names.Add(Encoding.UTF8.GetString(name).Replace("\"\"", "\"", StringComparison.Ordinal).Trim());
        }

        firstRow = used;
        if (names.Count == 1 && OtherDelimiter(names[0]) is { } mend)
        {
            throw new TableFormatException($"{Path}: its header is one column, '{names[0]}': {mend}");
        }

        // No field is read from a column without a name, such as an index that pandas wrote.
        var named = names.Where(name => name.Length > 0).ToList();
        return named.Count > 0 && named.Distinct().Count() == named.Count
            ? names.ToImmutable()
            : throw new TableFormatException($"{Path}: its first line must name each column once; it is '{string.Join(",", names)}'");
    }

    private static string? HeaderFault(CsvFault fault, ReadOnlySpan<byte> name) => fault switch
    {
        CsvFault.Quote => "has a quote that is not closed, or text before or behind one; write the names without quotes",
        CsvFault.CarriageReturn => $"ends with a carriage return that no line feed follows; {LineEndMend}",
        _ => Utf8.IsValid(name) ? null : $"is not UTF-8; {EncodingMend}",
    };

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
