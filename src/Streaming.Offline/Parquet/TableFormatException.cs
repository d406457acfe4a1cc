namespace Streaming.Offline.Parquet;

/// <summary>
/// A file of rows is not what was asked of it: a column is missing or of another type, or a value cannot be read. The user's to fix.
/// </summary>
public sealed class TableFormatException : Exception
{
    /// <summary>Which file, which column or line, what is wrong, how to fix it.</summary>
    public TableFormatException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
