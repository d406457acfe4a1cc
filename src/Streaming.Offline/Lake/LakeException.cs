namespace Streaming.Offline.Lake;

/// <summary>The lake and the log, or the lake's files among themselves, do not fit together; the message says what to do.</summary>
public sealed class LakeException(string message) : Exception(message);
