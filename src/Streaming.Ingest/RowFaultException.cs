namespace Streaming.Ingest;

/// <summary>A row cannot be an event of its topic.</summary>
/// <param name="row">The row in its batch.</param>
/// <param name="field">The field whose value is missing or wrong.</param>
public sealed class RowFaultException(int row, string field)
    : Exception($"row {row}: {field} has no value, or one that the event cannot take")
{
    /// <summary>The row in its batch.</summary>
    public int Row { get; } = row;

    /// <summary>The event's field.</summary>
    public string Field { get; } = field;
}
