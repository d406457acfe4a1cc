// Hot: evaluated per event and per read.
using Streaming.Features.Events;

namespace Streaming.Features.Language.Expressions;

/// <summary>A number or flag field of the event.</summary>
internal sealed class NumberField(int field, string name, FieldType type) : Expression
{
    public override FieldType Type { get; } = type;

    public override string Canonical { get; } = name;

    public override double Evaluate(in ExpressionContext context) => context.Batch.Numbers(field)[context.Row];

    public override void VisitFields(Action<int> visit) => visit(field);
}

/// <summary>A time field of the event; as a double it is exact for 285,000 years around 1970.</summary>
internal sealed class TimeField(int field, string name) : Expression
{
    public override FieldType Type => FieldType.Time;

    public override string Canonical { get; } = name;

    public override double Evaluate(in ExpressionContext context)
    {
        var millis = context.Batch.Times(field)[context.Row];
        return millis == TimeColumn.Null ? double.NaN : millis;
    }

    public override void VisitFields(Action<int> visit) => visit(field);
}

/// <summary>A text field of the event.</summary>
internal sealed class TextField(int field, string name) : TextExpression
{
    public override string Canonical { get; } = name;

    public override bool TryEvaluateText(in ExpressionContext context, out ReadOnlySpan<byte> text)
    {
        var column = context.Batch.Texts(field);
        text = column[context.Row];
        return !column.IsNull(context.Row);
    }

    public override void VisitFields(Action<int> visit) => visit(field);
}

/// <summary>A view's feature that was read before, by its slot.</summary>
internal sealed class FeatureSlot(int slot, string name, FieldType type) : Expression
{
    public override FieldType Type { get; } = type;

    public override string Canonical { get; } = name;

    public override double Evaluate(in ExpressionContext context) => context.Features[slot];

    public override void VisitFields(Action<int> visit)
    {
    }
}
