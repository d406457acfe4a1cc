namespace Streaming.Engine.Replays;

/// <summary>A replay cannot begin, or cannot go on; the text is for people.</summary>
public sealed class ReplayException(string message) : Exception(message);
