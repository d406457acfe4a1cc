// Hot: one element of a column is written per event and field.
namespace Streaming.Features.Events;

/// <summary>One field of many events. Row i of every column of a batch is event i.</summary>
public abstract class EventColumn
{
    /// <summary>Makes room for at least <paramref name="rows"/> rows and keeps what is there.</summary>
    public abstract void EnsureCapacity(int rows);

    /// <summary>Marks a row as null.</summary>
    public abstract void SetNull(int row);

    /// <summary>Copies rows of another column of the same type, from its first on, to rows of this one; makes room for them.</summary>
    /// <param name="other">Where the rows are.</param>
    /// <param name="at">The first row here.</param>
    /// <param name="count">How many.</param>
    public abstract void CopyFrom(EventColumn other, int at, int count);

    /// <summary>An empty column for fields of a type.</summary>
    public static EventColumn Create(FieldType type) => type switch
    {
        FieldType.Number or FieldType.Flag => new NumberColumn(),
        FieldType.Time => new TimeColumn(),
        FieldType.Text => new TextColumn(),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no column for this type"),
    };
}
