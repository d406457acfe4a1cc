// Hot: evaluated per event and per read.
using Streaming.Features.Events;

namespace Streaming.Features.Language.Expressions;

/// <summary>
/// Three-valued <c>and</c>/<c>or</c>: the decisive value (false for and, true for or) wins over null, null over the other.
/// </summary>
internal sealed class LogicExpression(Expression left, Expression right, bool isAnd) : Expression
{
    private readonly double _decisive = isAnd ? 0 : 1;

    public override FieldType Type => FieldType.Flag;

    public override string Canonical { get; } = $"({left.Canonical} {(isAnd ? "and" : "or")} {right.Canonical})";

    public override double Evaluate(in ExpressionContext context)
    {
        var first = left.Evaluate(context);
        if (first == _decisive)
        {
            return first;
        }

        var second = right.Evaluate(context);
        return second == _decisive || !double.IsNaN(first) ? second : first;
    }

    public override void VisitFields(Action<int> visit)
    {
        left.VisitFields(visit);
        right.VisitFields(visit);
    }
}

/// <summary>Negation of a number, or of a flag; null stays null.</summary>
internal sealed class NegateExpression(Expression operand) : Expression
{
    private readonly bool _isFlag = operand.Type == FieldType.Flag;

    public override FieldType Type { get; } = operand.Type;

    public override string Canonical { get; } = $"({(operand.Type == FieldType.Flag ? "not " : "-")}{operand.Canonical})";

    public override double Evaluate(in ExpressionContext context)
    {
        var value = operand.Evaluate(context);
        return _isFlag ? 1 - value : -value;
    }

    public override void VisitFields(Action<int> visit) => operand.VisitFields(visit);
}

/// <summary><c>x in (a, b)</c>: true if x equals one, null if it equals none but x or one of them is null, else false.</summary>
internal sealed class InExpression(Expression operand, Expression[] choices) : Expression
{
    private readonly bool _isText = operand.Type == FieldType.Text;

    public override FieldType Type => FieldType.Flag;

    public override string Canonical { get; } =
        $"({operand.Canonical} in ({string.Join(", ", choices.Select(choice => choice.Canonical))}))";

    public override double Evaluate(in ExpressionContext context) => _isText ? FindText(context) : FindNumber(context);

    public override void VisitFields(Action<int> visit)
    {
        operand.VisitFields(visit);
        foreach (var choice in choices)
        {
            choice.VisitFields(visit);
        }
    }

    private double FindNumber(in ExpressionContext context)
    {
        var value = operand.Evaluate(context);
        var result = double.IsNaN(value) ? double.NaN : 0;
        foreach (var choice in choices)
        {
            var other = choice.Evaluate(context);
            if (value == other)
            {
                return 1;
            }

            result = double.IsNaN(other) ? double.NaN : result;
        }

        return result;
    }

    private double FindText(in ExpressionContext context)
    {
        if (!operand.TryEvaluateText(context, out var value))
        {
            return double.NaN;
        }

        var result = 0.0;
        foreach (var choice in choices)
        {
            if (!choice.TryEvaluateText(context, out var other))
            {
                result = double.NaN;
            }
            else if (value.SequenceEqual(other))
            {
                return 1;
            }
        }

        return result;
    }
}
