using System.Collections.Immutable;
using System.Text;

namespace Streaming.Offline.Parquet;

/// <summary>
/// A CSV file with a header (RFC 4180, UTF-8). An empty field is null. Row groups are made up, 131,072 rows each, so that it reads as
/// a Parquet file does; opening passes over the file once to find them.
/// </summary>
public sealed class CsvTable : TableFile
{
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
            if (!field.IsWellFormed)
            {
                throw new TableFormatException($"{Path}: its header has a quote that is not closed, or text behind one; write the names without quotes");
            }

            (used, endsRow) = (used + field.Taken, field.EndsRow);
            names.Add(Encoding.UTF8.GetString(text.Slice(field.Start, field.Length)).Replace("\"\"", "\"", StringComparison.Ordinal).Trim());
        }

        firstRow = used;
        return names.Distinct().Count() == names.Count && names.All(name => name.Length > 0)
            ? names.ToImmutable()
            : throw new TableFormatException($"{Path}: its first line must name each column once; it is '{string.Join(",", names)}'");
    }
}
