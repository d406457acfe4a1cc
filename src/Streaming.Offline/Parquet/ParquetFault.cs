using ParquetSharp;

namespace Streaming.Offline.Parquet;

/// <summary>What the Arrow library says, for people.</summary>
public static class ParquetFault
{
    private const string Opening = "(message: '";
    private const string Closing = "')";

    /// <summary>The message without the C++ class that it comes in.</summary>
    public static string Text(ParquetException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        var text = error.Message.Trim();
        var from = text.IndexOf(Opening, StringComparison.Ordinal);
        var until = text.LastIndexOf(Closing, StringComparison.Ordinal);
        return (from < 0 || until < from ? text : text[(from + Opening.Length)..until]).TrimEnd('.');
    }
}
