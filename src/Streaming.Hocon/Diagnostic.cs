namespace Streaming.Hocon;

/// <summary>A mistake in a file: its stable code, where it is, and what to do about it.</summary>
public sealed record Diagnostic(string Code, SourcePosition Position, string Message)
{
    /// <summary>One line: <c>FV012 file:4:17 message</c>.</summary>
    public override string ToString() => $"{Code} {Position} {Message}";
}
