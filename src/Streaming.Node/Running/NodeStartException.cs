namespace Streaming.Node.Running;

/// <summary>A node cannot start, for a reason that its operator can correct; the message says how.</summary>
public sealed class NodeStartException(string message, Exception inner) : Exception(message, inner);
