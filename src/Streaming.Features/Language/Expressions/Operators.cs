// Hot: evaluated per event and per read. Each operator is a struct, so that the JIT makes one specialised node of each.
using Streaming.Features.Events;

namespace Streaming.Features.Language.Expressions;

/// <summary>An operator on two numbers; NaN in is NaN out.</summary>
internal interface IBinaryOperator
{
    static abstract string Symbol { get; }

    static abstract double Apply(double left, double right);
}

/// <summary>Two operands and the operator between them.</summary>
internal sealed class BinaryExpression<TOperator>(Expression left, Expression right, FieldType type) : Expression
    where TOperator : struct, IBinaryOperator
{
    public override FieldType Type { get; } = type;

    public override string Canonical { get; } = $"({left.Canonical} {TOperator.Symbol} {right.Canonical})";

    public override double Evaluate(in ExpressionContext context) => TOperator.Apply(left.Evaluate(context), right.Evaluate(context));

    public override void VisitFields(Action<int> visit)
    {
        left.VisitFields(visit);
        right.VisitFields(visit);
    }
}

/// <summary>Rules that all operators share.</summary>
internal static class Rules
{
    /// <summary>A result that is not a finite number is null.</summary>
    public static double Finite(double value) => double.IsFinite(value) ? value : double.NaN;

    /// <summary>A comparison with null is null.</summary>
    public static double Flag(double left, double right, bool value) =>
        double.IsNaN(left) || double.IsNaN(right) ? double.NaN : value ? 1 : 0;
}

internal readonly struct Add : IBinaryOperator
{
    public static string Symbol => "+";

    public static double Apply(double left, double right) => Rules.Finite(left + right);
}

internal readonly struct Subtract : IBinaryOperator
{
    public static string Symbol => "-";

    public static double Apply(double left, double right) => Rules.Finite(left - right);
}

internal readonly struct Multiply : IBinaryOperator
{
    public static string Symbol => "*";

    public static double Apply(double left, double right) => Rules.Finite(left * right);
}

internal readonly struct Divide : IBinaryOperator
{
    public static string Symbol => "/";

    public static double Apply(double left, double right) => Rules.Finite(left / right);
}

internal readonly struct Remainder : IBinaryOperator
{
    public static string Symbol => "%";

    public static double Apply(double left, double right) => Rules.Finite(left % right);
}

internal readonly struct Less : IBinaryOperator
{
    public static string Symbol => "<";

    public static double Apply(double left, double right) => Rules.Flag(left, right, left < right);
}

internal readonly struct LessOrEqual : IBinaryOperator
{
    public static string Symbol => "<=";

    public static double Apply(double left, double right) => Rules.Flag(left, right, left <= right);
}

internal readonly struct Greater : IBinaryOperator
{
    public static string Symbol => ">";

    public static double Apply(double left, double right) => Rules.Flag(left, right, left > right);
}

internal readonly struct GreaterOrEqual : IBinaryOperator
{
    public static string Symbol => ">=";

    public static double Apply(double left, double right) => Rules.Flag(left, right, left >= right);
}

internal readonly struct Equal : IBinaryOperator
{
    public static string Symbol => "==";

    public static double Apply(double left, double right) => Rules.Flag(left, right, left == right);
}

internal readonly struct NotEqual : IBinaryOperator
{
    public static string Symbol => "!=";

    public static double Apply(double left, double right) => Rules.Flag(left, right, left != right);
}
