// Hot: one element of a column is written per event and field.
namespace Streaming.Features.Events;

/// <summary>Numbers and flags (1 or 0); null is NaN.</summary>
public sealed class NumberColumn : EventColumn
{
    /// <summary>One value a row.</summary>
    public double[] Values { get; private set; } = [];

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
        ((NumberColumn)other).Values.AsSpan(0, count).CopyTo(Values.AsSpan(at));
    }

    /// <inheritdoc/>
    public override void SetNull(int row) => Values[row] = double.NaN;
}
