using System.Collections.Immutable;

namespace Streaming.Features.Language.Expressions;

/// <summary>
/// An expression as written, before its names and types are known. <paramref name="Start"/> is its first character's offset.
/// </summary>
internal abstract record Syntax(int Start);

internal sealed record NumberSyntax(int Start, double Value) : Syntax(Start);

internal sealed record TextSyntax(int Start, string Value) : Syntax(Start);

internal sealed record FlagSyntax(int Start, bool Value) : Syntax(Start);

/// <summary>A field, <c>request.field</c>, <c>view.feature_window</c> or a derived feature.</summary>
internal sealed record NameSyntax(int Start, string Name) : Syntax(Start);

/// <summary><c>-x</c> or <c>not x</c>.</summary>
internal sealed record UnarySyntax(int Start, string Symbol, Syntax Operand) : Syntax(Start);

internal sealed record BinarySyntax(string Symbol, Syntax Left, Syntax Right) : Syntax(Left.Start);

internal sealed record InSyntax(Syntax Operand, ImmutableArray<Syntax> Choices) : Syntax(Operand.Start);

internal sealed record CallSyntax(int Start, string Name, ImmutableArray<Syntax> Arguments) : Syntax(Start);
