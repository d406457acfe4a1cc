using Streaming.Hocon;

namespace Streaming.Features.Language.Expressions;

/// <summary>The text of one expression, where its characters are written, and where its mistakes go.</summary>
internal sealed class ExpressionSource(string text, Func<int, SourcePosition> positionOf, Action<Diagnostic> report)
{
    public string Text { get; } = text;

    public SourcePosition PositionOf(int offset) => positionOf(offset);

    public void Report(Diagnostic diagnostic) => report(diagnostic);
}
