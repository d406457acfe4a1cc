using System.Globalization;
using Streaming.Features.Events;

namespace Streaming.Offline.Parquet;

/// <summary>Whole numbers of 64 bits without a sign.</summary>
internal sealed class UnsignedCells(StoredColumn column) : StoredCells(column)
{
    public override void Numbers(Span<double> into) =>
        Column.Convert<long, double>(into, double.NaN, static (value, _) => ExactNumber.Of((ulong)value));

    public override void Flags(Span<double> into) => NumericFlags(into);

    public override void Times(Span<long> into) => Column.Convert<long, long>(into, TimeColumn.Null, (value, row) =>
        value < 0 ? throw Column.NoTime(row, $"{(ulong)value}; {EventLimits.TimeRule}")
        : BareTime.IsMilliseconds(value) ? Instant.Checked(value, Column, row) : throw Column.NoTime(row, BareTime.Fault(value)));

    public override void Texts(TextBuilder into) => into.Fill<long>(Column, static (value, _, text) =>
    {
        ((ulong)value).TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
        return length;
    });
}
