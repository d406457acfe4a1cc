using ParquetSharp;
using Streaming.Features.Events;

namespace Streaming.Offline.Parquet;

/// <summary>Columns of events as Parquet's own types, where what stands for null is null.</summary>
internal static class OptionalParquetColumn
{
    /// <summary>Doubles; NaN is null.</summary>
    public static ParquetColumn OfNumbers(string name, double[] values) =>
        new Optional<double, double>(name, values, typeof(double?), null, static value => double.IsNaN(value) ? null : value);

    /// <summary>Whole numbers that are held as doubles.</summary>
    public static ParquetColumn OfIntegers(string name, double[] values, bool nullable) => nullable
        ? new Optional<double, long>(name, values, typeof(long?), null, static value => double.IsNaN(value) ? null : (long)value)
        : ParquetColumn.Of(name, Array.ConvertAll(values, static value => (long)value));

    /// <summary>Flags that are held as 1 and 0.</summary>
    public static ParquetColumn OfFlags(string name, double[] values, bool nullable) => nullable
        ? new Optional<double, bool>(name, values, typeof(bool?), null, static value => double.IsNaN(value) ? null : value != 0)
        : new Required<bool>(name, Array.ConvertAll(values, static value => value != 0));

    /// <summary>Instants in milliseconds; <see cref="TimeColumn.Null"/> is null.</summary>
    public static ParquetColumn OfTimes(string name, long[] millis) => new Optional<long, long>(
        name,
        millis,
        typeof(DateTime?),
        static () => LogicalType.Timestamp(isAdjustedToUtc: true, TimeUnit.Millis),
        static value => value == TimeColumn.Null ? null : value);

    private sealed class Required<T>(string name, T[] values) : ParquetColumn(name)
        where T : unmanaged
    {
        internal override Column Schema() => new Column<T>(Name);

        internal override void Write(ColumnWriter writer, int first, int count) =>
            ((ColumnWriter<T>)writer).WriteBatch(values.AsSpan(first, count));
    }

    private sealed class Optional<TIn, T>(string name, TIn[] values, Type type, Func<LogicalType>? logical, Func<TIn, T?> convert)
        : ParquetColumn(name)
        where T : unmanaged
    {
        internal override Column Schema() => logical is null ? new Column(type, Name) : new Column(type, Name, logical());

        internal override void Write(ColumnWriter writer, int first, int count)
        {
            var (present, levels, used) = (new T[count], new short[count], 0);
            for (var row = 0; row < count; row++)
            {
                if (convert(values[first + row]) is { } value)
                {
                    (levels[row], present[used++]) = (1, value);
                }
            }

            ((ColumnWriter<T>)writer).WriteBatch(count, levels, default, present.AsSpan(0, used));
        }
    }
}
