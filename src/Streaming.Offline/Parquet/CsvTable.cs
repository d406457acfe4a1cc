using System.Collections.Immutable;

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
        columns = hasHeader ? new CsvHeader(Path, _delimiter).Names(rows.Current, ReadBytes(header, firstRow))
            : throw new TableFormatException($"{Path}: the file is empty; its first line must name the columns");
        return new CsvIndex(rows, firstRow);
    }
}
