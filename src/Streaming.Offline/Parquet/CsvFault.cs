namespace Streaming.Offline.Parquet;

/// <summary>What may be wrong with a cell.</summary>
internal enum CsvFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Its quote is not closed, or text stands before the opening or behind the closing one.</summary>
    Quote,

    /// <summary>A carriage return that no line feed follows.</summary>
    CarriageReturn,
}
