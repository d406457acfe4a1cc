using System.Collections.Immutable;
using ParquetSharp;

namespace Streaming.Offline.Parquet;

/// <summary>A Parquet file, read through the Arrow C++ library. Nested fields have dotted names; lists cannot be read.</summary>
public sealed class ParquetTable : TableFile
{
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
            _rows[i] = checked((int)group.MetaData.NumRows);
        }
    }

    /// <inheritdoc/>
    public override int RowGroupCount => _rows.Length;

    /// <inheritdoc/>
    public override long RowCount => _metadata.NumRows;

    /// <inheritdoc/>
    public override bool IsInteger(int column) =>
        _types[column] is { Physical: PhysicalType.Int32 or PhysicalType.Int64, Scale: 0, Repeated: false } && HasNoNulls(column);

    /// <inheritdoc/>
    public override int RowsOf(int rowGroup) => _rows[rowGroup];

    /// <inheritdoc/>
    public override TableRowGroup OpenRowGroup(int rowGroup) => new ParquetTableRowGroup(this, _file.RowGroup(rowGroup), _types, _rows[rowGroup], RowsBefore(rowGroup));

    /// <inheritdoc/>
    public override void Dispose()
    {
        _metadata.Dispose();
        _file.Dispose();
    }

    private bool HasNoNulls(int column) => _types[column].MaxDefinition == 0 || Enumerable.Range(0, RowGroupCount).All(rowGroup =>
    {
        using var group = _file.RowGroup(rowGroup);
        using var chunk = group.MetaData.GetColumnChunkMetaData(column);
        using var statistics = chunk.Statistics;
        return statistics is { NullCount: 0 };
    });

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
            throw new TableFormatException($"{path}: it is not a Parquet file that can be read ({ParquetFault.Text(e)}); name CSV files .csv", e);
        }
        finally
        {
            file?.Dispose();
        }
    }
}
