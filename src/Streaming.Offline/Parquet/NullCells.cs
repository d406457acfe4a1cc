using Streaming.Features.Events;

namespace Streaming.Offline.Parquet;

/// <summary>A column that says of itself that it has no values.</summary>
internal sealed class NullCells(StoredColumn column) : StoredCells(column)
{
    public override void Numbers(Span<double> into) => into.Fill(double.NaN);

    public override void Flags(Span<double> into) => into.Fill(double.NaN);

    public override void Times(Span<long> into) => into.Fill(TimeColumn.Null);

    public override void Texts(TextBuilder into)
    {
        for (var row = 0; row < Column.Rows; row++)
        {
            into.AddNull(row);
        }
    }
}
