using System.Globalization;

namespace Streaming.Offline.Parquet;

/// <summary>
/// Reads the values of a stored column as what an event's field wants, exactly or not at all: what a kind of values can never be is refused
/// by the column's name and type, what a single value cannot be by its row. This class can be read as nothing, the kinds as what they are.
/// </summary>
internal class StoredCells(StoredColumn column)
{
    protected StoredColumn Column => column;

    public static StoredCells Of(StoredColumn column) => column.Type.Kind switch
    {
        CellKind.Null => new NullCells(column),
        CellKind.Flag => new FlagCells(column),
        CellKind.Integer => new IntegerCells(column),
        CellKind.Unsigned => new UnsignedCells(column),
        CellKind.Real => new RealCells(column),
        CellKind.Decimal => new DecimalCells(column),
        CellKind.Text => new TextCells(column),
        CellKind.Uuid => new UuidCells(column),
        CellKind.Date or CellKind.Instant => new InstantCells(column),
        CellKind.TimeOfDay => new TimeOfDayCells(column),
        _ => new StoredCells(column),
    };

    /// <summary>Numbers; NaN for null.</summary>
    public virtual void Numbers(Span<double> into) => throw column.Refused("a number");

    /// <summary>Flags as 1 and 0; NaN for null.</summary>
    public virtual void Flags(Span<double> into) => throw column.Refused("a flag");

    /// <summary>Milliseconds since the epoch; <see cref="Features.Events.TimeColumn.Null"/> for null.</summary>
    public virtual void Times(Span<long> into) => throw column.Refused("an instant");

    /// <summary>Whole numbers; false where one is null.</summary>
    public virtual bool TryIntegers(Span<long> into) => throw column.Refused("a whole number");

    /// <summary>Flags that are stored as numbers.</summary>
    protected void NumericFlags(Span<double> into)
    {
        Numbers(into);
        for (var row = 0; row < into.Length; row++)
        {
            if (into[row] is not (0 or 1 or double.NaN))
            {
                throw column.Refused(
                    row, "a flag", string.Create(CultureInfo.InvariantCulture, $"{into[row]}; flags are 1 or 0, true or false"));
            }
        }
    }

    /// <summary>UTF-8.</summary>
    public virtual void Texts(TextBuilder into) => throw column.Refused("text");
}
