using Streaming.Features.Events;

namespace Streaming.Offline.Parquet;

/// <summary>
/// One row group of a file. Each read gives a whole column of it, converted: values beyond what the type can hold, or text that
/// is no such value, are a <see cref="TableFormatException"/> with file, column and row.
/// </summary>
public abstract class TableRowGroup : IDisposable
{
    private protected TableRowGroup(int rows) => Rows = rows;

    /// <summary>How many rows it has.</summary>
    public int Rows { get; }

    /// <summary>Numbers; flags are 1 or 0, null is NaN.</summary>
    public abstract void ReadNumbers(int column, Span<double> into);

    /// <summary>
    /// Instants in milliseconds since the epoch; null is <see cref="TimeColumn.Null"/>. Finer units are cut, instants without a zone
    /// are UTC, integers without a unit are milliseconds (<see cref="BareTime"/>), text is ISO 8601.
    /// </summary>
    public abstract void ReadTimes(int column, Span<long> into);

    /// <summary>Whole numbers, exactly. Null is an error.</summary>
    public abstract void ReadIntegers(int column, Span<long> into);

    /// <summary>UTF-8 texts; integers are written in decimal. The column gets a buffer of its own.</summary>
    public abstract void ReadTexts(int column, TextColumn into);

    /// <summary>Reads into a column of events, whatever its type.</summary>
    public void Read(int column, EventColumn into)
    {
        ArgumentNullException.ThrowIfNull(into);
        into.EnsureCapacity(Rows);
        switch (into)
        {
            case NumberColumn numbers:
                ReadNumbers(column, numbers.Values.AsSpan(0, Rows));
                break;
            case TimeColumn times:
                ReadTimes(column, times.Values.AsSpan(0, Rows));
                break;
            default:
                ReadTexts(column, (TextColumn)into);
                break;
        }
    }

    /// <inheritdoc/>
    public abstract void Dispose();
}
