using ParquetSharp;
using Streaming.Features.Events;

namespace Streaming.Offline.Parquet;

/// <summary>Instants that say their unit, and days, which are their midnight in UTC. As text they are ISO 8601, whole.</summary>
internal sealed class InstantCells(StoredColumn column) : StoredCells(column)
{
    private const int MillisPerDay = 86_400_000;
    private const int EpochInJulianDays = 2_440_588;

    public override void Times(Span<long> into) =>
        Convert(into, TimeColumn.Null, (instant, row) => Instant.Checked(instant.Millis, Column, row));

    public override void Texts(TextBuilder into)
    {
        var instants = new Instant?[Column.Rows];
        Convert<Instant?>(instants, null, (instant, row) => instant with { Millis = Instant.Checked(instant.Millis, Column, row) });
        Span<byte> text = stackalloc byte[Instant.TextMax];
        for (var row = 0; row < instants.Length; row++)
        {
            if (instants[row] is { } instant)
            {
                var length = Column.Type.Kind == CellKind.Date ? instant.FormatDate(text) : instant.Format(text, Column.Type.IsUtc);
                into.Add(row, text[..length]);
            }
            else
            {
                into.AddNull(row);
            }
        }
    }

    private static Instant Of(long value, long perSecond)
    {
        var perMilli = perSecond / 1_000;
        var (millis, rest) = Math.DivRem(value, perMilli);
        (millis, rest) = rest < 0 ? (millis - 1, rest + perMilli) : (millis, rest);
        return new Instant(millis, (int)(rest * (1_000_000 / perMilli)));
    }

    // Days since Julian time began and nanoseconds of the day, the form in which Hive and Impala wrote instants.
    private static Instant Of(Int96 value)
    {
        var ofDay = Of((uint)value.A | ((long)value.B << 32), 1_000_000_000);
        return ofDay with { Millis = ofDay.Millis + (((long)value.C - EpochInJulianDays) * MillisPerDay) };
    }

    private void Convert<TOut>(Span<TOut> into, TOut none, Func<Instant, int, TOut> convert)
    {
        var perSecond = Column.Type.UnitsPerSecond;
        switch (Column.Type.Physical)
        {
            case PhysicalType.Int32:
                Column.Convert<int, TOut>(into, none, (value, row) => convert(new Instant((long)value * MillisPerDay, 0), row));
                break;
            case PhysicalType.Int64:
                Column.Convert<long, TOut>(into, none, (value, row) => convert(Of(value, perSecond), row));
                break;
            default:
                Column.Convert<Int96, TOut>(into, none, (value, row) => convert(Of(value), row));
                break;
        }
    }
}
