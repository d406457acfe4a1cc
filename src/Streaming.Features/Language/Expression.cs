// Hot: evaluated per event (inputs, where) and per read (derived features).
using Streaming.Features.Events;

namespace Streaming.Features.Language;

/// <summary>What an expression's names refer to at evaluation: a row of events, and the numbers read before it.</summary>
public readonly ref struct ExpressionContext
{
    /// <param name="batch">The event (or the request as an event).</param>
    /// <param name="row">Its row.</param>
    /// <param name="features">Feature values by slot; empty where the expression may not name features.</param>
    public ExpressionContext(EventBatch batch, int row, ReadOnlySpan<double> features = default)
    {
        Batch = batch;
        Row = row;
        Features = features;
    }

    /// <summary>Where the event's fields are.</summary>
    public EventBatch Batch { get; }

    /// <summary>The event's row in <see cref="Batch"/>.</summary>
    public int Row { get; }

    /// <summary>Feature values by slot.</summary>
    public ReadOnlySpan<double> Features { get; }
}

/// <summary>
/// A parsed and type-checked expression. Immutable; evaluation allocates nothing. A null operand makes the result null
/// (NaN for numbers and flags), except where a function says otherwise.
/// </summary>
public abstract class Expression
{
    /// <summary>The type of its result.</summary>
    public abstract FieldType Type { get; }

    /// <summary>The canonical text: equal texts are equal expressions (names resolved, spaces normalised, constants folded).</summary>
    public abstract string Canonical { get; }

    /// <summary>Its value where <see cref="Type"/> is Number, Flag (1 or 0) or Time (milliseconds); NaN is null.</summary>
    public abstract double Evaluate(in ExpressionContext context);

    /// <summary>Its value where <see cref="Type"/> is Text; false is null.</summary>
    public virtual bool TryEvaluateText(in ExpressionContext context, out ReadOnlySpan<byte> text) =>
        throw new InvalidOperationException($"{Canonical} is a {Type}, not a text");

    /// <summary>Calls <paramref name="visit"/> with the index of every event field that it reads.</summary>
    public abstract void VisitFields(Action<int> visit);
}
