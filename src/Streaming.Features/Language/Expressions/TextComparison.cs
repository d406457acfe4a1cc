// Hot: evaluated per event and per read.
using Streaming.Features.Events;

namespace Streaming.Features.Language.Expressions;

/// <summary>Two texts compared byte by byte, which for UTF-8 is the order of their code points.</summary>
internal sealed class TextComparison<TOperator>(Expression left, Expression right) : Expression
    where TOperator : struct, IBinaryOperator
{
    public override FieldType Type => FieldType.Flag;

    public override string Canonical { get; } = $"({left.Canonical} {TOperator.Symbol} {right.Canonical})";

    public override double Evaluate(in ExpressionContext context) =>
        left.TryEvaluateText(context, out var leftText) && right.TryEvaluateText(context, out var rightText)
            ? TOperator.Apply(leftText.SequenceCompareTo(rightText), 0)
            : double.NaN;

    public override void VisitFields(Action<int> visit)
    {
        left.VisitFields(visit);
        right.VisitFields(visit);
    }
}
