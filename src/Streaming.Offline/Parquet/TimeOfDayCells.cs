using System.Globalization;
using ParquetSharp;

namespace Streaming.Offline.Parquet;

/// <summary>Times of a day: no instants, for they do not say which day.</summary>
internal sealed class TimeOfDayCells(StoredColumn column) : StoredCells(column)
{
    private const long NanosPerSecond = 1_000_000_000;

    public override void Texts(TextBuilder into)
    {
        if (Column.Type.Physical == PhysicalType.Int32)
        {
            into.Fill<int>(Column, (value, row, text) => Put(value, row, text));
        }
        else
        {
            into.Fill<long>(Column, Put);
        }
    }

    private int Put(long value, int row, Span<byte> text)
    {
        var (seconds, rest) = Math.DivRem(value, Column.Type.UnitsPerSecond);
        if (value < 0 || seconds >= (long)TimeSpan.FromDays(1).TotalSeconds)
        {
            throw Column.Refused(row, "a time of day", value.ToString(CultureInfo.InvariantCulture));
        }

        TimeOnly.FromTimeSpan(TimeSpan.FromSeconds(seconds)).TryFormat(text, out var length, "HH:mm:ss", CultureInfo.InvariantCulture);
        return Instant.FormatFraction(rest * (NanosPerSecond / Column.Type.UnitsPerSecond), text, length, Column.Type.IsUtc);
    }
}
