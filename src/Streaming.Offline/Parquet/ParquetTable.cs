using System.Collections.Immutable;
using ParquetSharp;

namespace Streaming.Offline.Parquet;

/// <summary>A Parquet file, read through the Arrow C++ library. Nested fields have dotted names; lists cannot be read.</summary>
public sealed class ParquetTable : TableFile
{
    // One column of that many rows is a gigabyte in memory.
    private const int GroupRowsMax = 1 << 27;
    private readonly ParquetFileReader _file;
    private readonly FileMetaData _metadata;
    private readonly ImmutableArray<ParquetColumnType> _types;
    private readonly int[] _rows;

    private ParquetTable(string path, ParquetFileReader file)
        : base(path)
    {
        _file = file;
        _metadata = file.FileMetaData;
        _types = [.. Enumerable.Range(0, _metadata.NumColumns).Select(i => ParquetColumnType.Of(_metadata.Schema.Column(i)))];
        Columns = [.. _types.Select(type => type.Name)];
        _rows = new int[_metadata.NumRowGroups];
        for (var i = 0; i < _rows.Length; i++)
        {
            using var group = file.RowGroup(i);
            _rows[i] = group.MetaData.NumRows is >= 0 and <= GroupRowsMax and var rows ? (int)rows : throw new TableFormatException(
                $"{path}: row group {i} has {group.MetaData.NumRows} rows; write row groups of at most {GroupRowsMax} (a million is " +
                "usual)");
        }
    }

    /// <inheritdoc/>
    public override int RowGroupCount => _rows.Length;

    /// <inheritdoc/>
    public override long RowCount => _rows.Sum(rows => (long)rows);

    /// <inheritdoc/>
    public override bool IsInteger(int column) => _types[column] is { Kind: CellKind.Integer, Repeated: false };

    /// <inheritdoc/>
    public override int RowsOf(int rowGroup) => _rows[rowGroup];

    /// <inheritdoc/>
    public override TableRowGroup OpenRowGroup(int rowGroup) =>
        new ParquetTableRowGroup(this, _file.RowGroup(rowGroup), _types, _rows[rowGroup], RowsBefore(rowGroup));

    /// <inheritdoc/>
    public override void Dispose()
    {
        _metadata.Dispose();
        _file.Dispose();
    }

    internal static new ParquetTable Open(string path)
    {
        ParquetFileReader? file = null;
        try
        {
            file = new ParquetFileReader(path);
            var table = new ParquetTable(path, file);
            file = null;
            return table;
        }
        catch (ParquetException e)
        {
            throw new TableFormatException(
                $"{path}: it is not a Parquet file that can be read ({ParquetFault.Text(e)}); name CSV files .csv", e);
        }
        finally
        {
            file?.Dispose();
        }
    }
}
