// Hot: evaluated per event and per read.
using Streaming.Features.Events;

namespace Streaming.Features.Language.Expressions;

/// <summary>A function's name and its arguments; what the evaluation does with them is the subclass's.</summary>
internal abstract class CallExpression(string name, Expression[] arguments, FieldType type) : Expression
{
    public override FieldType Type { get; } = type;

    public override string Canonical { get; } = Text(name, arguments);

    protected Expression[] Arguments { get; } = arguments;

    public override void VisitFields(Action<int> visit)
    {
        foreach (var argument in Arguments)
        {
            argument.VisitFields(visit);
        }
    }

    public static string Text(string name, Expression[] arguments) =>
        $"{name}({string.Join(", ", arguments.Select(argument => argument.Canonical))})";
}

/// <summary>A function of one number (or time).</summary>
internal sealed class NumberCall(string name, Func<double, double> function, Expression[] arguments)
    : CallExpression(name, arguments, FieldType.Number)
{
    public override double Evaluate(in ExpressionContext context) => Rules.Finite(function(Arguments[0].Evaluate(context)));
}

/// <summary>A function of two numbers, applied from left to right to any number of them.</summary>
internal sealed class FoldCall(string name, Func<double, double, double> function, Expression[] arguments)
    : CallExpression(name, arguments, FieldType.Number)
{
    public override double Evaluate(in ExpressionContext context)
    {
        var result = Arguments[0].Evaluate(context);
        for (var i = 1; i < Arguments.Length; i++)
        {
            result = function(result, Arguments[i].Evaluate(context));
        }

        return Rules.Finite(result);
    }
}

/// <summary><c>clip(x, low, high)</c>; where low is above high, high wins.</summary>
internal sealed class ClipCall(string name, Expression[] arguments) : CallExpression(name, arguments, FieldType.Number)
{
    public override double Evaluate(in ExpressionContext context) => Rules.Finite(
        Math.Min(Math.Max(Arguments[0].Evaluate(context), Arguments[1].Evaluate(context)), Arguments[2].Evaluate(context)));
}

/// <summary>What a function makes of texts; it must not keep them.</summary>
internal delegate double TextFunction(ReadOnlySpan<byte> text);

/// <summary>What a function makes of two texts; it must not keep them.</summary>
internal delegate double TextsFunction(ReadOnlySpan<byte> text, ReadOnlySpan<byte> other);

/// <summary>A function of one text.</summary>
internal sealed class TextCall(string name, TextFunction function, Expression[] arguments)
    : CallExpression(name, arguments, FieldType.Number)
{
    public override double Evaluate(in ExpressionContext context) =>
        Arguments[0].TryEvaluateText(context, out var text) ? function(text) : double.NaN;
}

/// <summary>A yes-or-no function of two texts.</summary>
internal sealed class TextsCall(string name, TextsFunction function, Expression[] arguments)
    : CallExpression(name, arguments, FieldType.Flag)
{
    public override double Evaluate(in ExpressionContext context) =>
        Arguments[0].TryEvaluateText(context, out var text) && Arguments[1].TryEvaluateText(context, out var other)
            ? function(text, other)
            : double.NaN;
}

/// <summary><c>is_null(x)</c>: the one function that is never null.</summary>
internal sealed class IsNullCall(string name, Expression[] arguments) : CallExpression(name, arguments, FieldType.Flag)
{
    private readonly bool _isText = arguments[0].Type == FieldType.Text;

    public override double Evaluate(in ExpressionContext context)
    {
        var known = _isText ? Arguments[0].TryEvaluateText(context, out _) : !double.IsNaN(Arguments[0].Evaluate(context));
        return known ? 0 : 1;
    }
}

/// <summary><c>if(c, a, b)</c>: a if c is true, b if it is false, null if it is null; the other branch may be null.</summary>
internal sealed class IfCall(string name, Expression[] arguments) : CallExpression(name, arguments, arguments[1].Type)
{
    public override double Evaluate(in ExpressionContext context)
    {
        var condition = Arguments[0].Evaluate(context);
        return double.IsNaN(condition) ? condition : Arguments[condition != 0 ? 1 : 2].Evaluate(context);
    }

    public override bool TryEvaluateText(in ExpressionContext context, out ReadOnlySpan<byte> text)
    {
        var condition = Arguments[0].Evaluate(context);
        text = default;
        return !double.IsNaN(condition) && Arguments[condition != 0 ? 1 : 2].TryEvaluateText(context, out text);
    }
}

/// <summary><c>coalesce(a, b, ...)</c>: the first that is not null.</summary>
internal sealed class CoalesceCall(string name, Expression[] arguments) : CallExpression(name, arguments, arguments[0].Type)
{
    public override double Evaluate(in ExpressionContext context)
    {
        foreach (var argument in Arguments)
        {
            var value = argument.Evaluate(context);
            if (!double.IsNaN(value))
            {
                return value;
            }
        }

        return double.NaN;
    }

    public override bool TryEvaluateText(in ExpressionContext context, out ReadOnlySpan<byte> text)
    {
        foreach (var argument in Arguments)
        {
            if (argument.TryEvaluateText(context, out text))
            {
                return true;
            }
        }

        text = default;
        return false;
    }
}
