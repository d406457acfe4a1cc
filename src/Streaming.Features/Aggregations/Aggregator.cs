// Hot: one call per feature and read.
using Streaming.Features.Layout;

namespace Streaming.Features.Aggregations;

/// <summary>
/// One aggregation compiled for one view: it knows its columns and totals and computes its result from a window. Stateless and
/// shared by all entities; what must outlive evicted events (lifetime features) it keeps in words of the entity's state.
/// </summary>
internal abstract class Aggregator
{
    /// <summary>Whether the result is a whole number.</summary>
    public virtual bool IsCount => false;

    /// <summary>Computes the result; false is absent. For a text result the value is a code of the view's texts.</summary>
    /// <param name="window">The window.</param>
    /// <param name="value">The result.</param>
    /// <param name="eventTime">Event time of the newest event that contributes; <see cref="long.MinValue"/> when none does (a count of
    /// zero).</param>
    public abstract bool TryRead(in WindowRead window, out double value, out long eventTime);

    /// <summary>
    /// Folds an event that is about to be evicted, or that arrives older than all that is kept, into the aggregator's own words of
    /// the entity's state. Only lifetime features have any.
    /// </summary>
    public virtual void Absorb(Span<long> slab, in StoredEvent stored)
    {
    }

    /// <summary>Translates text codes in the aggregator's own words after the view's table was rebuilt.</summary>
    public virtual void Recode(Span<long> slab, TextRecoding recoding)
    {
    }
}

/// <summary>An aggregator whose contributing events are those with a value in one column.</summary>
internal abstract class ColumnAggregator(AggregationUse use, InputKind kind, int column) : Aggregator
{
    /// <summary>How the column is kept.</summary>
    protected InputKind Kind { get; } = kind;

    /// <summary>The column.</summary>
    protected int Column { get; } = column;

    /// <summary>When its newest event was.</summary>
    protected Contributors Contributors { get; } = new(use, kind, column);

    /// <inheritdoc/>
    public override void Absorb(Span<long> slab, in StoredEvent stored) => Contributors.Absorb(slab, stored);
}
