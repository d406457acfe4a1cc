using Streaming.Features.Layout;
using Streaming.Features.Plans;

namespace Streaming.Features.State;

/// <content>What state bytes need of a view's state.</content>
internal sealed partial class ViewState
{
    /// <summary>
    /// Brings the state to its one form for its events: nothing expired in it, the cursors at its newest event, texts in the order of
    /// the columns. Only the capacity tells of its past.
    /// </summary>
    public void Settle(ViewPlan plan)
    {
        Slab.MoveTo(plan, _slab, _slab, Newest);
        Evict(plan);
        Repack(plan, CapacityLeft());
        _superseded?.Settle(Newest - plan.RetentionMillis);
        _superseded = _superseded is { Count: 0 } ? null : _superseded;
        RecodeTexts(plan);
    }

    /// <summary>As <see cref="EntityState.ForgetBefore"/>.</summary>
    public void ForgetBefore(ViewPlan plan, long since)
    {
        _slab[SlabWords.Newest] = Math.Max(Newest, since);
        Settle(plan);
        (_slab[SlabWords.Evicted], _slab[SlabWords.NewestEvicted]) = (0, long.MinValue);
        if (plan.KnownWord >= 0)
        {
            var newest = _superseded?.NewestKnown(plan) ?? long.MinValue;
            foreach (var known in Column(plan, plan.KnownColumn))
            {
                newest = Math.Max(newest, known);
            }

            _slab[plan.KnownWord] = newest;
        }
    }

    /// <summary>A column's stored values, oldest event first.</summary>
    public ReadOnlySpan<long> Column(ViewPlan plan, int column) => _slab.AsSpan(ColumnStart(plan, column), Count);

    /// <summary>
    /// Merges another state of the same view, of other events, into this one: as if all had been applied here. What a lifetime
    /// has lost to eviction is only in the other's totals, and codes are its own, so such views are not merged.
    /// </summary>
    public void Merge(ViewPlan plan, ViewState other)
    {
        if (plan.HasTexts || plan.KnownWord >= 0 || plan.Windows.Any(w => w.IsLifetime))
        {
            throw new NotSupportedException(
                $"view {plan.Name}: states with lifetime features, texts or log times are rebuilt from the log, not merged");
        }

        Span<long> values = stackalloc long[plan.Columns.Length];
        for (var i = 0; i < other.Count; i++)
        {
            for (var column = 0; column < values.Length; column++)
            {
                values[column] = other.Value(plan, plan.FirstInput + column, i);
            }

            Insert(plan, new(other.Time(plan, i), plan.IsOrdered ? other.Value(plan, 1, i) : 0, values));
        }

        _slab[SlabWords.Evicted] += other._slab[SlabWords.Evicted];
        _slab[SlabWords.NewestEvicted] = Math.Max(_slab[SlabWords.NewestEvicted], other._slab[SlabWords.NewestEvicted]);
    }

    /// <summary>
    /// The state that a slab with events and no more has, with the words of its header that do not follow from these; null where no state
    /// can be so.
    /// </summary>
    /// <param name="plan">The view.</param>
    /// <param name="slab">Its count, capacity and newest time, and its events; it becomes the state's.</param>
    /// <param name="stored">The words at <see cref="ViewPlan.StoredWords"/>.</param>
    /// <param name="texts">The texts.</param>
    /// <param name="superseded">The replaced events; null for none.</param>
    internal static ViewState? TryUnpack(ViewPlan plan, long[] slab, long[] stored, string[] texts, SupersededEvents? superseded)
    {
        var (count, newest) = (slab[SlabWords.Count], slab[SlabWords.Newest]);
        slab[SlabWords.CursorAt] = count == 0 ? newest : ~newest;
        if (plan.KnownWord >= 0)
        {
            slab[plan.KnownWord] = stored[plan.StoredWords.IndexOf(plan.KnownWord)];
        }

        if (!CanBe(plan, slab.AsSpan(0, plan.HeaderWords), slab.AsSpan(plan.HeaderWords)))
        {
            return null;
        }

        // It adds up windows; a lifetime has had more, and says how much.
        Slab.MoveTo(plan, slab, slab, newest);
        for (var i = 0; i < stored.Length; i++)
        {
            slab[plan.StoredWords[i]] = stored[i];
        }

        return new ViewState(plan) { _slab = slab, _superseded = superseded }.WithTexts(plan, texts);
    }

    /// <summary>The state that words and texts describe; null where no state can be so.</summary>
    internal static ViewState? TryRestore(
        ViewPlan plan, ReadOnlySpan<long> header, ReadOnlySpan<long> columns, IReadOnlyList<string> texts, SupersededEvents? superseded)
    {
        if (!CanBe(plan, header, columns))
        {
            return null;
        }

        var state = new ViewState(plan) { _slab = new long[header.Length + columns.Length], _superseded = superseded };
        header.CopyTo(state._slab);
        columns.CopyTo(state._slab.AsSpan(header.Length));
        state._slab[SlabWords.Head] = 0;
        state._slab[SlabWords.Capacity] = header[SlabWords.Count];
        return state.WithTexts(plan, texts);
    }

    private ViewState? WithTexts(ViewPlan plan, IReadOnlyList<string> texts)
    {
        if ((texts.Count > 0 && !plan.HasTexts) || texts.Distinct(StringComparer.Ordinal).Count() != texts.Count)
        {
            return null;
        }

        foreach (var text in texts)
        {
            _texts?.Add(text);
        }

        return RecodeTexts(plan) ? this : null;
    }

    // Reads trust these: indices within the columns, times in order.
    private static bool CanBe(ViewPlan plan, ReadOnlySpan<long> header, ReadOnlySpan<long> columns)
    {
        var count = header[SlabWords.Count];
        foreach (var window in plan.Windows)
        {
            var (low, high) = (header[window.CursorWord], header[window.CursorWord + 1]);
            if (low < 0 || low > high || high > count || (window.IsLifetime && low != 0))
            {
                return false;
            }
        }

        var times = columns[..(int)count];
        for (var i = 1; i < times.Length; i++)
        {
            if (times[i] < times[i - 1])
            {
                return false;
            }
        }

        return (times.IsEmpty || times[^1] <= header[SlabWords.Newest]) && IsKnown(plan, header, columns, (int)count);
    }

    private static bool IsKnown(ViewPlan plan, ReadOnlySpan<long> header, ReadOnlySpan<long> columns, int count)
    {
        for (var i = 0; i < (plan.KnownWord < 0 ? 0 : count); i++)
        {
            if (columns[(plan.KnownColumn * count) + i] > header[plan.KnownWord])
            {
                return false;
            }
        }

        return true;
    }
}
