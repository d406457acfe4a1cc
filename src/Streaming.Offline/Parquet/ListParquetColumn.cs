using ParquetSharp;

namespace Streaming.Offline.Parquet;

/// <summary>Several values a row, as Parquet's standard three-level list.</summary>
internal sealed class ListParquetColumn<T>(string name, T[][] values) : ParquetColumn(name)
{
    internal override Column Schema() => new Column<T[]>(Name);

    internal override void Write(ColumnWriter writer, int first, int count)
    {
        using var logical = writer.LogicalWriter<T[]>();
        logical.WriteBatch(values.AsSpan(first, count));
    }
}
