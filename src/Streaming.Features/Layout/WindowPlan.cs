namespace Streaming.Features.Layout;

/// <summary>One running total of a window: what is added up, of which column, at which word of the state.</summary>
internal readonly record struct AccumulatorSlot(Accumulator Accumulator, int Column, int Word);

/// <summary>
/// One window of a view: the events with <c>t - delay - span &lt; ts &lt;= t - delay</c>. Its state is a cursor (index of its
/// first event, index behind its last) at <see cref="CursorWord"/> and its totals.
/// </summary>
internal sealed class WindowPlan(string label, long spanMillis, int cursorWord, AccumulatorSlot[] accumulators)
{
    /// <summary>The span of a window that covers everything.</summary>
    public const long Lifetime = long.MaxValue;

    /// <summary>As in feature names; empty for the lifetime.</summary>
    public string Label { get; } = label;

    /// <summary>Milliseconds, or <see cref="Lifetime"/>.</summary>
    public long SpanMillis { get; } = spanMillis;

    /// <summary>Where its first and last index are kept.</summary>
    public int CursorWord { get; } = cursorWord;

    /// <summary>Its running totals.</summary>
    public AccumulatorSlot[] Accumulators { get; } = accumulators;

    /// <summary>Whether nothing ever leaves it.</summary>
    public bool IsLifetime => SpanMillis == Lifetime;

    /// <summary>The old edge, exclusive, of the window that ends at <paramref name="end"/>.</summary>
    public long StartExclusive(long end) => IsLifetime ? long.MinValue : end - SpanMillis;
}
