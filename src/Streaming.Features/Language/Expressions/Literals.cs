// Hot: evaluated per event and per read.
using System.Globalization;
using System.Text;
using Streaming.Features.Events;

namespace Streaming.Features.Language.Expressions;

/// <summary>An expression whose value is a text.</summary>
internal abstract class TextExpression : Expression
{
    public sealed override FieldType Type => FieldType.Text;

    public sealed override double Evaluate(in ExpressionContext context) =>
        throw new InvalidOperationException($"{Canonical} is a text, not a number");

    public abstract override bool TryEvaluateText(in ExpressionContext context, out ReadOnlySpan<byte> text);
}

/// <summary>A number, flag or time that is known at start; never NaN.</summary>
internal sealed class ConstantExpression(double value, FieldType type) : Expression
{
    public override FieldType Type { get; } = type;

    public override string Canonical { get; } = type == FieldType.Flag
        ? value == 0 ? "false" : "true"
        : value.ToString("R", CultureInfo.InvariantCulture);

    public override double Evaluate(in ExpressionContext context) => value;

    public override void VisitFields(Action<int> visit)
    {
    }
}

/// <summary>A text as UTF-8, encoded once.</summary>
internal sealed class ConstantText(string text) : TextExpression
{
    private readonly byte[] _utf8 = Encoding.UTF8.GetBytes(text);

    public override string Canonical { get; } = $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    public override bool TryEvaluateText(in ExpressionContext context, out ReadOnlySpan<byte> text)
    {
        text = _utf8;
        return true;
    }

    public override void VisitFields(Action<int> visit)
    {
    }
}
