using System.Collections.Immutable;
using System.Globalization;

namespace Streaming.Features.Language.Expressions;

/// <summary>
/// Recursive descent, loosest first: or, and, not, comparison and in (which do not chain), + and -, * / and %, unary -.
/// </summary>
internal sealed class ExpressionParser
{
    private const int TokenLimit = 1_000;
    private const int DepthLimit = 64;

    private static readonly string[] s_comparisons = ["==", "!=", "<=", ">=", "<", ">"];

    private readonly ExpressionSource _source;
    private readonly List<Token> _tokens;
    private int _at;
    private int _depth;

    private ExpressionParser(ExpressionSource source, List<Token> tokens)
    {
        _source = source;
        _tokens = tokens;
    }

    /// <summary>The whole text as one expression; null when there is a mistake, which is reported.</summary>
    public static Syntax? Parse(ExpressionSource source)
    {
        if (new ExpressionLexer(source).ReadAll() is not { } tokens)
        {
            return null;
        }

        if (tokens.Count > TokenLimit)
        {
            var at = source.PositionOf(tokens[TokenLimit].Start);
            source.Report(
                LanguageDiagnostics.ExpressionTooLong(at, string.Create(CultureInfo.InvariantCulture, $"{TokenLimit} words and signs")));
            return null;
        }

        var parser = new ExpressionParser(source, tokens);
        var syntax = parser.ReadOr();
        return syntax is null || parser.Next.Kind == TokenKind.End ? syntax
            : parser.Unexpected(s_comparisons.Contains(parser.Next.Text)
                ? "\"and\", \"or\" or the end of the expression, since comparisons do not chain"
                : "an operator or the end of the expression");
    }

    private Token Next => _tokens[_at];

    private Syntax? ReadOr() => ReadChain(ReadAnd, word => word is "or" or "||" ? "or" : null);

    private Syntax? ReadAnd() => ReadChain(ReadNot, word => word is "and" or "&&" ? "and" : null);

    private Syntax? ReadSum() => ReadChain(ReadProduct, word => word is "+" or "-" ? word : null);

    private Syntax? ReadProduct() => ReadChain(ReadUnary, word => word is "*" or "/" or "%" ? word : null);

    private Syntax? ReadChain(Func<Syntax?> readOperand, Func<string, string?> symbolOf)
    {
        var left = readOperand();
        while (left is not null && Next.Kind is TokenKind.Symbol or TokenKind.Name && symbolOf(Next.Text) is { } symbol)
        {
            _at++;
            var right = readOperand();
            left = right is null ? null : new BinarySyntax(symbol, left, right);
        }

        return left;
    }

    private Syntax? ReadNot()
    {
        var start = Next.Start;
        return Accept("not") || Accept("!")
            ? Nested(ReadNot) is { } operand ? new UnarySyntax(start, "not", operand) : null
            : ReadComparison();
    }

    private Syntax? ReadComparison()
    {
        var left = ReadSum();
        if (left is null)
        {
            return null;
        }

        if (Next.Kind == TokenKind.Symbol && s_comparisons.Contains(Next.Text))
        {
            var symbol = _tokens[_at++].Text;
            return ReadSum() is { } right ? new BinarySyntax(symbol, left, right) : null;
        }

        var negated = Next is { Kind: TokenKind.Name, Text: "not" } && _tokens[_at + 1] is { Kind: TokenKind.Name, Text: "in" };
        _at += negated ? 1 : 0;
        if (!Accept("in"))
        {
            return left;
        }

        if (!Accept("("))
        {
            return Unexpected("\"(\" and the choices");
        }

        return ReadArguments() is not { } choices ? null
            : negated ? new UnarySyntax(left.Start, "not", new InSyntax(left, choices))
            : new InSyntax(left, choices);
    }

    private Syntax? ReadUnary()
    {
        var start = Next.Start;
        return !Accept("-") ? ReadPrimary()
            : Nested(ReadUnary) is { } operand ? new UnarySyntax(start, "-", operand)
            : null;
    }

    private Syntax? ReadPrimary()
    {
        var token = Next;
        switch (token.Kind)
        {
            case TokenKind.Number:
                _at++;
                return new NumberSyntax(token.Start, token.Value);
            case TokenKind.Text:
                _at++;
                return new TextSyntax(token.Start, token.Text);
            case TokenKind.Name when !IsOperatorWord(token.Text):
                _at++;
                return ReadNameOrCall(token);
            case TokenKind.Symbol when token.Text == "(":
                _at++;
                var inner = Nested(ReadOr);
                return inner is null || Accept(")") ? inner : Unexpected("an operator or \")\"");
            default:
                return Unexpected("a value");
        }
    }

    private Syntax? ReadNameOrCall(Token name)
    {
        if (name.Text is "true" or "false")
        {
            return new FlagSyntax(name.Start, name.Text == "true");
        }

        if (!Accept("("))
        {
            return new NameSyntax(name.Start, name.Text);
        }

        return ReadArguments() is { } arguments ? new CallSyntax(name.Start, name.Text, arguments) : null;
    }

    /// <summary>Reads what is left of <c>(a, b)</c> behind its opening.</summary>
    private ImmutableArray<Syntax>? ReadArguments()
    {
        var arguments = ImmutableArray.CreateBuilder<Syntax>();
        if (Accept(")"))
        {
            return arguments.ToImmutable();
        }

        do
        {
            if (Nested(ReadOr) is not { } argument)
            {
                return null;
            }

            arguments.Add(argument);
        }
        while (Accept(","));
        if (Accept(")"))
        {
            return arguments.ToImmutable();
        }

        Unexpected("an operator, \",\" or \")\"");
        return null;
    }

    private Syntax? Nested(Func<Syntax?> read)
    {
        if (_depth == DepthLimit)
        {
            var limit = string.Create(CultureInfo.InvariantCulture, $"{DepthLimit} levels");
            _source.Report(LanguageDiagnostics.ExpressionTooLong(_source.PositionOf(Next.Start), limit));
            return null;
        }

        _depth++;
        var syntax = read();
        _depth--;
        return syntax;
    }

    private bool Accept(string text)
    {
        if (Next.Kind is TokenKind.Symbol or TokenKind.Name && Next.Text == text)
        {
            _at++;
            return true;
        }

        return false;
    }

    private static bool IsOperatorWord(string text) => text is "and" or "or" or "not" or "in";

    private Syntax? Unexpected(string expected)
    {
        var found = Next.Kind switch
        {
            TokenKind.End => "the end of the expression",
            TokenKind.Text => $"'{Next.Text}'",
            _ => $"\"{Next.Text}\"",
        };
        _source.Report(LanguageDiagnostics.ExpressionUnexpected(_source.PositionOf(Next.Start), found, expected));
        return null;
    }
}
