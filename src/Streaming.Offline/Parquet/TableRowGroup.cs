using Streaming.Features.Events;

namespace Streaming.Offline.Parquet;

/// <summary>
/// One row group of a file. Each read gives a whole column of it, converted: what has no exact value of that kind is a
/// <see cref="TableFormatException"/> with file, column and row, and bytes that cannot be read a <see cref="TableDamagedException"/>.
/// </summary>
public abstract class TableRowGroup : IDisposable
{
    private protected TableRowGroup(int rows) => Rows = rows;

    /// <summary>How many rows it has.</summary>
    public int Rows { get; }

    /// <summary>Numbers; null is NaN.</summary>
    public abstract void ReadNumbers(int column, Span<double> into);

    /// <summary>Flags as 1 or 0, also where they are stored as these numbers; null is NaN.</summary>
    public abstract void ReadFlags(int column, Span<double> into);

    /// <summary>
    /// Instants in milliseconds since the epoch; null is <see cref="TimeColumn.Null"/>. Finer units are cut, instants without a zone
    /// are UTC, integers without a unit are milliseconds (<see cref="BareTime"/>), text is ISO 8601.
    /// </summary>
    public abstract void ReadTimes(int column, Span<long> into);

    /// <summary>Whole numbers, exactly; false where the column's are others, or one is null.</summary>
    public virtual bool TryReadIntegers(int column, Span<long> into) => false;

    /// <summary>UTF-8 texts; what is stored otherwise is written as docs/files.md says. The column gets a buffer of its own.</summary>
    public abstract void ReadTexts(int column, TextColumn into);

    /// <summary>Reads into a column of events, as what the field is.</summary>
    public void Read(int column, FieldType type, EventColumn into)
    {
        ArgumentNullException.ThrowIfNull(into);
        into.EnsureCapacity(Rows);
        switch (into)
        {
            case NumberColumn flags when type == FieldType.Flag:
                ReadFlags(column, flags.Values.AsSpan(0, Rows));
                break;
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
