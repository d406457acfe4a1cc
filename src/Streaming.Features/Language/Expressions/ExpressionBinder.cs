using System.Collections.Immutable;
using System.Globalization;
using Streaming.Features.Events;

namespace Streaming.Features.Language.Expressions;

/// <summary>
/// Gives names their meaning, checks types and folds constants. All mistakes of an expression are reported, not only the first.
/// </summary>
internal sealed class ExpressionBinder(ExpressionSource source, ExpressionScope scope)
{
    /// <summary>Bounds depth and cost of what inlining builds: derived features of derived features can double at each step.</summary>
    private const int CanonicalLimit = 8_000;

    /// <summary>Parses and binds; null when there is a mistake, which is reported.</summary>
    public static Expression? Bind(ExpressionSource source, ExpressionScope scope) =>
        ExpressionParser.Parse(source) is { } syntax ? new ExpressionBinder(source, scope).Bind(syntax) : null;

    /// <summary>The node for a syntax; null when there is a mistake, which is reported.</summary>
    public Expression? Bind(Syntax syntax) => WithinLimit(syntax, syntax switch
    {
        NumberSyntax number => new ConstantExpression(number.Value, FieldType.Number),
        FlagSyntax flag => new ConstantExpression(flag.Value ? 1 : 0, FieldType.Flag),
        TextSyntax text => new ConstantText(text.Value),
        NameSyntax name => scope.Resolve(name.Name, name.Start, source),
        UnarySyntax unary => BindUnary(unary),
        BinarySyntax binary => BindBinary(binary),
        InSyntax choice => BindIn(choice),
        CallSyntax call => BindCall(call),
        _ => throw new InvalidOperationException($"no rule for {syntax}"),
    });

    private Expression? WithinLimit(Syntax syntax, Expression? expression)
    {
        if (expression?.Canonical.Length <= CanonicalLimit)
        {
            return expression;
        }

        if (expression is not null)
        {
            var limit = string.Create(CultureInfo.InvariantCulture, $"{CanonicalLimit} characters");
            source.Report(LanguageDiagnostics.ExpressionTooLong(source.PositionOf(syntax.Start), limit));
        }

        return null;
    }

    private Expression? BindUnary(UnarySyntax unary)
    {
        var expected = unary.Symbol == "not" ? FieldType.Flag : FieldType.Number;
        return Bind(unary.Operand) is { } operand && Check(operand, unary.Operand, $"\"{unary.Symbol}\"", expected)
            ? Fold(new NegateExpression(operand), operand)
            : null;
    }

    private Expression? BindBinary(BinarySyntax syntax)
    {
        // A chain such as a + b + c leans to the left: its operands are bound from the innermost outwards, without recursion.
        var chain = new Stack<BinarySyntax>();
        Syntax innermost = syntax;
        while (innermost is BinarySyntax binary)
        {
            chain.Push(binary);
            innermost = binary.Left;
        }

        var left = Bind(innermost);
        while (chain.TryPop(out var next))
        {
            var right = Bind(next.Right);
            left = left is null || right is null ? null : Combine(next, left, right);
        }

        return left;
    }

    private Expression? Combine(BinarySyntax syntax, Expression left, Expression right)
    {
        var node = syntax.Symbol switch
        {
            "and" or "or" => Logic(syntax, left, right),
            "+" or "-" or "*" or "/" or "%" => Arithmetic(syntax, left, right),
            _ => Comparison(syntax, left, right),
        };
        return node is null ? null : WithinLimit(syntax, Fold(node, left, right));
    }

    private LogicExpression? Logic(BinarySyntax syntax, Expression left, Expression right)
    {
        var of = $"\"{syntax.Symbol}\"";
        var leftFits = Check(left, syntax.Left, of, FieldType.Flag);
        var rightFits = Check(right, syntax.Right, of, FieldType.Flag);
        return leftFits && rightFits ? new LogicExpression(left, right, syntax.Symbol == "and") : null;
    }

    private Expression? Arithmetic(BinarySyntax syntax, Expression left, Expression right)
    {
        var leftIsTime = left.Type == FieldType.Time && syntax.Symbol is "+" or "-";
        var rightIsTime = right.Type == FieldType.Time && (syntax.Symbol == "+" ? !leftIsTime : syntax.Symbol == "-" && leftIsTime);
        var of = $"\"{syntax.Symbol}\"";
        var leftFits = leftIsTime || Check(left, syntax.Left, of, FieldType.Number);
        var rightFits = rightIsTime || Check(right, syntax.Right, of, FieldType.Number);
        var type = leftIsTime != rightIsTime ? FieldType.Time : FieldType.Number;
        return !(leftFits && rightFits) ? null : syntax.Symbol switch
        {
            "+" => new BinaryExpression<Add>(left, right, type),
            "-" => new BinaryExpression<Subtract>(left, right, type),
            "*" => new BinaryExpression<Multiply>(left, right, type),
            "/" => new BinaryExpression<Divide>(left, right, type),
            _ => new BinaryExpression<Remainder>(left, right, type),
        };
    }

    private Expression? Comparison(BinarySyntax syntax, Expression left, Expression right)
    {
        var of = $"\"{syntax.Symbol}\"";
        if (left.Type == FieldType.Flag && syntax.Symbol is not ("==" or "!="))
        {
            return Wrong(left, syntax.Left, of, "a number, time or text");
        }

        return !CheckSame(right, syntax.Right, of, left.Type) ? null : syntax.Symbol switch
        {
            "==" => Compare<Equal>(left, right),
            "!=" => Compare<NotEqual>(left, right),
            "<" => Compare<Less>(left, right),
            "<=" => Compare<LessOrEqual>(left, right),
            ">" => Compare<Greater>(left, right),
            _ => Compare<GreaterOrEqual>(left, right),
        };
    }

    private static Expression Compare<TOperator>(Expression left, Expression right)
        where TOperator : struct, IBinaryOperator => left.Type == FieldType.Text
            ? new TextComparison<TOperator>(left, right)
            : new BinaryExpression<TOperator>(left, right, FieldType.Flag);

    private Expression? BindIn(InSyntax syntax)
    {
        var operand = Bind(syntax.Operand);
        var choices = BindAll(syntax.Choices);
        if (syntax.Choices.IsEmpty)
        {
            source.Report(LanguageDiagnostics.ArgumentCount(source.PositionOf(syntax.Start), "at least one choice: x in (a, b)", 0));
            return null;
        }

        if (operand is null || choices is null)
        {
            return null;
        }

        var fits = true;
        for (var i = 0; i < choices.Length; i++)
        {
            fits &= CheckSame(choices[i], syntax.Choices[i], "\"in\"", operand.Type);
        }

        return fits ? Fold(new InExpression(operand, choices), [operand, .. choices]) : null;
    }

    private Expression? BindCall(CallSyntax call)
    {
        var arguments = BindAll(call.Arguments);
        if (FunctionTable.Find(call.Name) is not { } function)
        {
            source.Report(
                LanguageDiagnostics.UnknownFunction(
                    source.PositionOf(call.Start), call.Name, FunctionTable.All.Select(known => known.Name)));
            return null;
        }

        var found = call.Arguments.Length;
        if (found < function.Arguments.Length || (found > function.Arguments.Length && !function.Variadic))
        {
            source.Report(LanguageDiagnostics.ArgumentCount(source.PositionOf(call.Start), function.Usage, found));
            return null;
        }

        return arguments is not null && CheckArguments(function, call, arguments) ? Fold(function.Build(arguments), arguments) : null;
    }

    private bool CheckArguments(FunctionDefinition function, CallSyntax call, Expression[] arguments)
    {
        var fits = true;
        FieldType? same = null;
        for (var i = 0; i < arguments.Length; i++)
        {
            var kind = function.Arguments[Math.Min(i, function.Arguments.Length - 1)];
            fits &= kind switch
            {
                ArgumentKind.Any => true,
                ArgumentKind.Same => CheckSame(arguments[i], call.Arguments[i], function.Name, same ??= arguments[i].Type),
                _ => Check(arguments[i], call.Arguments[i], function.Name, TypeOf(kind)),
            };
        }

        return fits;
    }

    private static FieldType TypeOf(ArgumentKind kind) => kind switch
    {
        ArgumentKind.Flag => FieldType.Flag,
        ArgumentKind.Text => FieldType.Text,
        ArgumentKind.Time => FieldType.Time,
        _ => FieldType.Number,
    };

    private Expression[]? BindAll(ImmutableArray<Syntax> all)
    {
        var bound = all.Select(Bind).OfType<Expression>().ToArray();
        return bound.Length == all.Length ? bound : null;
    }

    private bool Check(Expression expression, Syntax syntax, string of, FieldType expected) =>
        expression.Type == expected || Wrong(expression, syntax, of, $"a {LanguageDiagnostics.NameOf(expected)}") is not null;

    private bool CheckSame(Expression expression, Syntax syntax, string of, FieldType expected) =>
        expression.Type == expected
            || Wrong(expression, syntax, of, $"a {LanguageDiagnostics.NameOf(expected)} like the one before it") is not null;

    private Expression? Wrong(Expression expression, Syntax syntax, string of, string expected)
    {
        source.Report(LanguageDiagnostics.OperandType(source.PositionOf(syntax.Start), of, expression.Type, expected));
        return null;
    }

    /// <summary>A node of constants alone becomes their result, unless that is a text or null.</summary>
    private static Expression Fold(Expression node, params ReadOnlySpan<Expression> operands)
    {
        foreach (var operand in operands)
        {
            if (operand is not (ConstantExpression or ConstantText))
            {
                return node;
            }
        }

        return node.Type != FieldType.Text && node.Evaluate(default) is var value && !double.IsNaN(value)
            ? new ConstantExpression(value, node.Type)
            : node;
    }
}
