using System.Buffers;
using ParquetSharp;

namespace Streaming.Offline.Parquet;

/// <summary>One column of a row group as it is stored: hands out its values row by row, and words what is wrong with one.</summary>
/// <param name="path">The file.</param>
/// <param name="group">The row group.</param>
/// <param name="index">Which of its columns.</param>
/// <param name="type">What is known of the column.</param>
/// <param name="rows">How many rows the group has.</param>
/// <param name="rowsBefore">How many rows come before it in the file.</param>
internal sealed class StoredColumn(string path, RowGroupReader group, int index, ParquetColumnType type, int rows, long rowsBefore)
{
    private const int BatchRows = 4_096;

    // A page has a header of at least so many bytes: bounds how many pages without rows there can be.
    private const int PageBytesMin = 8;

    public ParquetColumnType Type => type;

    public int Rows => rows;

    /// <summary>Converts every value; a row without one gets <paramref name="none"/>.</summary>
    public void Convert<T, TOut>(Span<TOut> into, TOut none, Func<T, int, TOut> convert)
        where T : unmanaged
    {
        var stored = ArrayPool<T>.Shared.Rent(BatchRows);
        var levels = ArrayPool<short>.Shared.Rent(BatchRows);
        try
        {
            using var reader = (ColumnReader<T>)group.Column(index);
            for (var row = 0; row < rows;)
            {
                var read = ReadSome(reader, stored.AsSpan(0, Math.Min(BatchRows, rows - row)), levels, out var present);
                var next = 0;
                for (var i = 0; i < read; i++)
                {
                    into[row + i] = present == read || levels[i] == type.MaxDefinition ? convert(stored[next++], row + i) : none;
                }

                row += read;
            }
        }
        finally
        {
            ArrayPool<T>.Shared.Return(stored);
            ArrayPool<short>.Shared.Return(levels);
        }
    }

    /// <summary>What to say of a column that can never be what is wanted.</summary>
    public TableFormatException Refused(string wanted) =>
        new($"{path}: column '{type.Name}' is stored as {type.Stored}, which cannot be read as {wanted}; name another column");

    /// <summary>What to say of a row whose value cannot.</summary>
    public TableFormatException Refused(int row, string wanted, string found) =>
        new($"{path}: column '{type.Name}' is not {wanted} in row {rowsBefore + row + 1}: {found}");

    /// <summary>As the other, of a time.</summary>
    public TableFormatException NoTime(int row, string fault) =>
        new($"{path}: row {rowsBefore + row + 1} has in column '{type.Name}' {fault}");

    // At most a page: values that are bytes stay where they are until the next call. A page may have no rows at all.
    private int ReadSome<T>(ColumnReader<T> reader, Span<T> values, Span<short> levels, out int present)
        where T : unmanaged
    {
        var read = ReadBatch(reader, values, levels, out present);
        for (var pages = read > 0 ? 0 : PagesMax(); read == 0 && pages > 0; pages--)
        {
            read = ReadBatch(reader, values, levels, out present);
        }

        return read > 0 ? read : throw new InvalidDataException("its values end before the rows of its row group do");
    }

    private int ReadBatch<T>(ColumnReader<T> reader, Span<T> values, Span<short> levels, out int present)
        where T : unmanaged
    {
        var read = type.MaxDefinition == 0
            ? reader.ReadBatch(values.Length, values, out var there)
            : reader.ReadBatch(values.Length, levels[..values.Length], default, values, out there);
        present = (int)there;
        return (int)read;
    }

    private long PagesMax()
    {
        using var chunk = group.MetaData.GetColumnChunkMetaData(index);
        return Math.Min(chunk.TotalCompressedSize, new FileInfo(path).Length) / PageBytesMin;
    }
}
