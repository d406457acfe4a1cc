namespace Streaming.Offline.Datasets;

/// <summary>A dataset cannot be made as asked; the message says what to change.</summary>
public sealed class DatasetException(string message, Exception? inner = null) : Exception(message, inner);
