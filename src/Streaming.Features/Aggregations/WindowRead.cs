// Hot: made once per window and read.
using Streaming.Features.Layout;
using Streaming.Features.Numerics;

namespace Streaming.Features.Aggregations;

/// <summary>
/// One window of one entity at one read time, as aggregations see it: the stored events in the window, oldest first, and perhaps
/// one more, the hypothetical event of a scoring request, which is newer than all of them. Where the request's event is stored already,
/// it is the one at <see cref="PostedAt"/> and there is no hypothetical one. Valid during the read only.
/// </summary>
internal readonly ref struct WindowRead
{
    private readonly ReadOnlySpan<long> _header;
    private readonly ReadOnlySpan<long> _slab;
    private readonly ReadOnlySpan<long> _own;
    private readonly WindowPlan _window;
    private readonly int _headerWords;
    private readonly int _firstInput;
    private readonly int _first;

    /// <param name="header">The slab's header; its cursors stand at the read time.</param>
    /// <param name="slab">The whole slab, for its columns.</param>
    /// <param name="headerWords">Where in the slab the columns begin.</param>
    /// <param name="firstInput">The first column that is an input.</param>
    /// <param name="window">The window.</param>
    /// <param name="at">The read time.</param>
    /// <param name="own">The columns of the request's own event; empty when there is none or the window ends before it.</param>
    /// <param name="postedAt">Its event time where it is stored; <see cref="long.MinValue"/> where it is hypothetical.</param>
    public WindowRead(
        ReadOnlySpan<long> header,
        ReadOnlySpan<long> slab,
        int headerWords,
        int firstInput,
        WindowPlan window,
        long at,
        ReadOnlySpan<long> own,
        long postedAt)
    {
        _header = header;
        _slab = slab;
        _headerWords = headerWords;
        _firstInput = firstInput;
        _window = window;
        _own = own;
        PostedAt = postedAt;
        At = at;
        var cursor = header.Slice(window.CursorWord, 2);
        _first = (int)(header[SlabWords.Head] + cursor[0]);
        Stored = (int)(cursor[1] - cursor[0]);
    }

    /// <summary>The read time, milliseconds.</summary>
    public long At { get; }

    /// <summary>Stored events in the window, the hypothetical one not counted.</summary>
    public int Stored { get; }

    /// <summary>Whether a hypothetical event is in the window.</summary>
    public bool HasHypothetical => PostedAt == long.MinValue && !_own.IsEmpty;

    /// <summary>The event time of the request's own event where that is stored; <see cref="long.MinValue"/> where it is not.</summary>
    public long PostedAt { get; }

    /// <summary>All events in the window; for a lifetime also those that were evicted.</summary>
    public long Count => Stored + (HasHypothetical ? 1 : 0) + (_window.IsLifetime ? _header[SlabWords.Evicted] : 0);

    /// <summary>Whether evicted events belong to the window too.</summary>
    public bool IsLifetime => _window.IsLifetime;

    /// <summary>Event time of the newest event in the window; <see cref="long.MinValue"/> when there is none.</summary>
    public long NewestTime => HasHypothetical ? At : NewestStoredTime;

    /// <summary>The same without the hypothetical event.</summary>
    public long NewestStoredTime => Stored > 0 ? Times[^1] : NewestEvictedTime;

    /// <summary>The same without the request's own event, stored or not.</summary>
    public long NewestOtherTime => PostedAt != long.MinValue && Stored > 0 && Times[^1] == PostedAt
        ? Stored > 1 ? Times[^2] : NewestEvictedTime
        : NewestStoredTime;

    private long NewestEvictedTime =>
        IsLifetime && _header[SlabWords.Evicted] > 0 ? _header[SlabWords.NewestEvicted] : long.MinValue;

    /// <summary>Event times of the stored events, ascending.</summary>
    public ReadOnlySpan<long> Times => _slab.Slice(_headerWords + _first, Stored);

    /// <summary>A column's stored values in the order of <see cref="Times"/>.</summary>
    public ReadOnlySpan<long> Column(int column) =>
        _slab.Slice(_headerWords + ((_firstInput + column) * (int)_header[SlabWords.Capacity]) + _first, Stored);

    /// <summary>The value of the request's own event in a column; only when there is one.</summary>
    public long Own(int column) => _own[column];

    /// <summary>The hypothetical event's value of a column; only when there is one.</summary>
    public long Hypothetical(int column) => _own[column];

    /// <summary>The hypothetical event's value of a column as a number; NaN when there is none.</summary>
    public double HypotheticalNumber(int column) => HasHypothetical ? BitConverter.Int64BitsToDouble(_own[column]) : double.NaN;

    /// <summary>Words of the entity's state: totals, or what evicted events left behind.</summary>
    public ReadOnlySpan<long> Words(int word, int count) => _header.Slice(word, count);

    /// <summary>Copies a running exact sum, the hypothetical value included, and gives how many numbers it has.</summary>
    public long Sum(int word, int column, Span<long> sum)
    {
        var total = _header.Slice(word, ExactSum.Words + 1);
        total[..ExactSum.Words].CopyTo(sum);
        var hypothetical = HypotheticalNumber(column);
        if (double.IsNaN(hypothetical))
        {
            return total[ExactSum.Words];
        }

        ExactSum.Add(sum, hypothetical);
        return total[ExactSum.Words] + 1;
    }
}
