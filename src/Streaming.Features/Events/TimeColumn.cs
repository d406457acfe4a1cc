// Hot: one element of a column is written per event and field.
namespace Streaming.Features.Events;

/// <summary>Instants in milliseconds since the epoch; null is <see cref="Null"/>.</summary>
public sealed class TimeColumn : EventColumn
{
    /// <summary>What stands for null.</summary>
    public const long Null = long.MinValue;

    /// <summary>One value a row.</summary>
    public long[] Values { get; private set; } = [];

    /// <inheritdoc/>
    public override void EnsureCapacity(int rows)
    {
        if (Values.Length < rows)
        {
            var values = Values;
            Array.Resize(ref values, rows);
            Values = values;
        }
    }

    /// <inheritdoc/>
    public override void CopyFrom(EventColumn other, int at, int count)
    {
        EnsureCapacity(at + count);
        ((TimeColumn)other).Values.AsSpan(0, count).CopyTo(Values.AsSpan(at));
    }

    /// <inheritdoc/>
    public override void SetNull(int row) => Values[row] = Null;
}
