namespace Streaming.Offline.Parquet;

/// <summary>A file is of the right format and cannot be read to its end: bytes of it are missing or wrong.</summary>
public sealed class TableDamagedException : IOException
{
    /// <summary>Which file, which column, what is wrong.</summary>
    public TableDamagedException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
