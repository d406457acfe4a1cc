using System.Collections.Immutable;
using Streaming.Features.Language.Expressions;

namespace Streaming.Features.Language;

/// <summary>The names that an expression mentions.</summary>
internal static class SyntaxNames
{
    public static IEnumerable<string> Of(Syntax? syntax)
    {
        var rest = new Stack<Syntax>();
        if (syntax is not null)
        {
            rest.Push(syntax);
        }

        while (rest.TryPop(out var next))
        {
            if (next is NameSyntax name)
            {
                yield return name.Name;
            }

            foreach (var child in Children(next))
            {
                rest.Push(child);
            }
        }
    }

    private static ImmutableArray<Syntax> Children(Syntax syntax) => syntax switch
    {
        UnarySyntax unary => [unary.Operand],
        BinarySyntax binary => [binary.Left, binary.Right],
        InSyntax choice => [choice.Operand, .. choice.Choices],
        CallSyntax call => call.Arguments,
        _ => [],
    };
}
