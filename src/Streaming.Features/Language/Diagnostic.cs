namespace Streaming.Features.Language;

/// <summary>A place in a definition file; line and column count from 1.</summary>
public readonly record struct SourcePosition(string File, int Line, int Column)
{
    /// <summary><c>file:line:column</c>.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}";
}

/// <summary>A mistake in a definition: its stable code, where it is, and what to do about it.</summary>
public sealed record Diagnostic(string Code, SourcePosition Position, string Message)
{
    /// <summary>One line: <c>FV012 file:4:17 message</c>.</summary>
    public override string ToString() => $"{Code} {Position} {Message}";
}
