using System.Globalization;
using ParquetSharp;
using Streaming.Features.Events;

namespace Streaming.Offline.Parquet;

/// <summary>Whole numbers of up to 64 bits with a sign, or 32 without.</summary>
internal sealed class IntegerCells(StoredColumn column) : StoredCells(column)
{
    public override void Numbers(Span<double> into) => Convert(into, double.NaN, static (value, _) => ExactNumber.Of(value));

    public override void Flags(Span<double> into) => NumericFlags(into);

    // A number without a unit is milliseconds, unless it looks like seconds.
    public override void Times(Span<long> into) =>
        Convert(into, TimeColumn.Null, (value, row) =>
            BareTime.IsMilliseconds(value) ? Instant.Checked(value, Column, row) : throw Column.NoTime(row, BareTime.Fault(value)));

    public override bool TryIntegers(Span<long> into)
    {
        var filled = 0;
        Convert(into, 0, (value, _) =>
        {
            filled++;
            return value;
        });
        return filled == Column.Rows;
    }

    public override void Texts(TextBuilder into)
    {
        if (Column.Type.Physical == PhysicalType.Int64)
        {
            into.Fill<long>(Column, static (value, _, text) => Put(value, text));
        }
        else if (Column.Type.Unsigned32)
        {
            into.Fill<int>(Column, static (value, _, text) => Put((uint)value, text));
        }
        else
        {
            into.Fill<int>(Column, static (value, _, text) => Put(value, text));
        }
    }

    private static int Put(long value, Span<byte> text)
    {
        value.TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
        return length;
    }

    private void Convert<TOut>(Span<TOut> into, TOut none, Func<long, int, TOut> convert)
    {
        if (Column.Type.Physical == PhysicalType.Int64)
        {
            Column.Convert(into, none, convert);
        }
        else if (Column.Type.Unsigned32)
        {
            Column.Convert<int, TOut>(into, none, (value, row) => convert((uint)value, row));
        }
        else
        {
            Column.Convert<int, TOut>(into, none, (value, row) => convert(value, row));
        }
    }
}
