// Hot: one call per feature and read.
using Streaming.Features.Layout;

namespace Streaming.Features.Aggregations;

/// <summary>
/// The events that contribute to a feature: those with a value in its column, which is absent where the feature's condition does not
/// hold. Knows when the newest of them was, for a value's event time and its ttl. What a lifetime has lost to eviction is kept in
/// two words of the entity's state: whether there is one, and its time.
/// </summary>
internal readonly struct Contributors
{
    private readonly InputKind _kind;
    private readonly int _column;
    private readonly int _baseWord;

    /// <param name="use">The use whose events they are.</param>
    /// <param name="kind">How the column is kept.</param>
    /// <param name="column">The column.</param>
    public Contributors(AggregationUse use, InputKind kind, int column)
    {
        _kind = kind;
        _column = column;
        _baseWord = use.IsLifetime ? use.NewestWords(column) : -1;
    }

    /// <summary>Event time of the newest in the window; <see cref="long.MinValue"/> when there is none.</summary>
    public long Newest(in WindowRead window) => IsHypothetical(window) ? window.At : NewestStored(window);

    /// <summary>The same where it is known how many there are: if all events contribute, or none does, no column is looked at.</summary>
    public long Newest(in WindowRead window, long present) =>
        present == 0 ? long.MinValue : present == window.Count ? window.NewestTime : Newest(window);

    /// <summary>The same without the hypothetical event.</summary>
    public long NewestStored(in WindowRead window) => NewestBesides(window, long.MinValue);

    /// <summary>The same without the request's own event, stored or not.</summary>
    public long NewestOther(in WindowRead window) => NewestBesides(
        window, window.PostedAt != long.MinValue && !InputColumn.IsAbsent(_kind, window.Own(_column)) ? window.PostedAt : long.MinValue);

    // Leaves out one event of a time: which of several does not matter.
    private long NewestBesides(in WindowRead window, long besides)
    {
        var values = window.Column(_column);
        for (var i = values.Length - 1; i >= 0; i--)
        {
            if (InputColumn.IsAbsent(_kind, values[i]))
            {
                continue;
            }

            if (window.Times[i] != besides)
            {
                return window.Times[i];
            }

            besides = long.MinValue;
        }

        return _baseWord >= 0 && window.Words(_baseWord, 1)[0] != 0 ? window.Words(_baseWord, 2)[1] : long.MinValue;
    }

    /// <summary>Whether the hypothetical event is one of them.</summary>
    public bool IsHypothetical(in WindowRead window) =>
        window.HasHypothetical && !InputColumn.IsAbsent(_kind, window.Hypothetical(_column));

    /// <summary>Remembers an event that is evicted; more than once does no harm.</summary>
    public void Absorb(Span<long> slab, in StoredEvent stored)
    {
        if (_baseWord >= 0 && !InputColumn.IsAbsent(_kind, stored.Values[_column]))
        {
            slab[_baseWord + 1] = slab[_baseWord] == 0 ? stored.Time : Math.Max(slab[_baseWord + 1], stored.Time);
            slab[_baseWord] = 1;
        }
    }
}
