namespace Streaming.Engine;

/// <summary>The engine cannot start; the message says what is missing and how to fix it.</summary>
public sealed class EngineStartException(string message) : Exception(message);
