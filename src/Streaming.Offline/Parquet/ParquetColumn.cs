using ParquetSharp;
using Streaming.Features.Events;

namespace Streaming.Offline.Parquet;

/// <summary>
/// A named column to write, bound to the caller's array: whole tables are written at once, or the arrays are refilled between
/// calls of <see cref="ParquetTableWriter.Append(int, int)"/>.
/// </summary>
public abstract class ParquetColumn
{
    private protected ParquetColumn(string name) => Name = name;

    /// <summary>The column's name.</summary>
    public string Name { get; }

    internal virtual bool UseDictionary => false;

    /// <summary>64-bit integers.</summary>
    public static ParquetColumn Of(string name, long[] values) => new PlainColumn<long>(name, values, null);

    /// <summary>32-bit integers.</summary>
    public static ParquetColumn Of(string name, int[] values) => new PlainColumn<int>(name, values, null);

    /// <summary>Doubles; NaN stays NaN.</summary>
    public static ParquetColumn Of(string name, double[] values) => new PlainColumn<double>(name, values, null);

    /// <summary>Floats; NaN stays NaN.</summary>
    public static ParquetColumn Of(string name, float[] values) => new PlainColumn<float>(name, values, null);

    /// <summary>Instants in milliseconds since the epoch, written as timestamps in UTC.</summary>
    public static ParquetColumn OfTimes(string name, long[] millis) => new PlainColumn<long>(name, millis, typeof(DateTime));

    /// <summary>Texts, null allowed; dictionary-encoded.</summary>
    public static ParquetColumn Of(string name, string?[] values) => new TextParquetColumn(name, new StringSource(values));

    /// <summary>UTF-8 texts, null allowed; dictionary-encoded.</summary>
    public static ParquetColumn Of(string name, TextColumn values) => new TextParquetColumn(name, new SliceSource(values));

    internal abstract Column Schema();

    /// <summary>
    /// Writes rows from <paramref name="first"/> on. Columns of one row group may be written by several threads, each by one.
    /// </summary>
    internal abstract void Write(ColumnWriter writer, int first, int count);

    private sealed class PlainColumn<T>(string name, T[] values, Type? logical) : ParquetColumn(name)
        where T : unmanaged
    {
        internal override Column Schema() =>
            logical is null
                ? new Column<T>(Name)
                : new Column(logical, Name, LogicalType.Timestamp(isAdjustedToUtc: true, TimeUnit.Millis));

        internal override void Write(ColumnWriter writer, int first, int count) =>
            ((ColumnWriter<T>)writer).WriteBatch(values.AsSpan(first, count));
    }
}
