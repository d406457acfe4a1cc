using Streaming.Features.Events;
using Streaming.Features.Layout;
using Streaming.Features.Plans;

namespace Streaming.Features.State;

/// <content>
/// Events that become known later than they happen, and events that take the place of earlier ones. The slab holds the latest of each
/// id; what it replaced is kept beside it, for reads at a time at which the later one was not known.
/// </content>
internal sealed partial class ViewState
{
    private SupersededEvents? _superseded;

    /// <summary>The newest time at which an event became known; <see cref="long.MinValue"/> for none, or where that is not kept.</summary>
    public long NewestKnown(ViewPlan plan) => plan.KnownWord < 0 ? long.MinValue : _slab[plan.KnownWord];

    /// <summary>What was replaced; null for nothing.</summary>
    public SupersededEvents? Superseded => _superseded;

    /// <summary>
    /// The state with what was known at a time: itself where that is all. For the owner, or who has the state to himself.
    /// </summary>
    public ViewState KnownBy(ViewPlan plan, long at)
    {
        if (plan.KnownWord < 0 || _slab[plan.KnownWord] <= at)
        {
            return this;
        }

        var known = new ViewState(plan) { _slab = (long[])_slab.Clone(), _texts = _texts };
        for (var i = known.Count - 1; i >= 0; i--)
        {
            if (known.Value(plan, plan.KnownColumn, i) > at)
            {
                known.RemoveAt(plan, i);
            }
        }

        foreach (var row in _superseded?.BestAt(plan, at, _slab, Count) ?? [])
        {
            known.Place(plan, _superseded!.Event(plan, row), out _);
        }

        return known;
    }

    /// <summary>As <see cref="Insert"/>, in a view that keeps when events became known.</summary>
    private bool InsertKnown(ViewPlan plan, in StoredEvent stored)
    {
        _slab[plan.KnownWord] = Math.Max(_slab[plan.KnownWord], stored.Known);
        if (stored.Id == UInt128.Zero || IndexOf(plan, stored.Id) is not (>= 0 and var index))
        {
            return Insert(plan, stored);
        }

        var (known, order) = (Value(plan, plan.KnownColumn, index), Value(plan, 1, index));
        if (known > stored.Known || (known == stored.Known && order > stored.Order))
        {
            // The one that is there is later.
            Advance(plan, stored.Time);
            if (known > stored.Known && !IsExpired(plan, stored.Time))
            {
                (_superseded ??= new SupersededEvents()).Add(plan, stored);
            }

            return true;
        }

        if (known < stored.Known)
        {
            (_superseded ??= new SupersededEvents()).Add(plan, EventAt(plan, index, stackalloc long[plan.Columns.Length]));
        }

        RemoveAt(plan, index);
        return Insert(plan, stored);
    }

    private static long KnownAt(ViewPlan plan, EventBatch batch, int row)
    {
        var time = batch.Times(plan.TimeField)[row];
        return plan.LogTimeField < 0 ? time : Math.Max(time, batch.Times(plan.LogTimeField)[row]);
    }

    private static UInt128 IdOf(ViewPlan plan, EventBatch batch, int row) =>
        plan.HasCorrections ? SeenIds.HashOf(batch.Texts(plan.CorrectsField)[row]) : UInt128.Zero;

    private int IndexOf(ViewPlan plan, UInt128 id)
    {
        var lows = _slab.AsSpan(ColumnStart(plan, plan.KnownColumn + 1), Count);
        var highs = _slab.AsSpan(ColumnStart(plan, plan.KnownColumn + 2), Count);
        for (var from = 0; from < lows.Length;)
        {
            var found = lows[from..].IndexOf((long)(ulong)id);
            if (found < 0 || highs[from + found] == (long)(ulong)(id >> 64))
            {
                return found < 0 ? -1 : from + found;
            }

            from += found + 1;
        }

        return -1;
    }

    private StoredEvent EventAt(ViewPlan plan, int index, Span<long> values)
    {
        for (var column = 0; column < values.Length; column++)
        {
            values[column] = Value(plan, plan.FirstInput + column, index);
        }

        return new StoredEvent(Time(plan, index), Value(plan, 1, index), values)
        {
            Known = Value(plan, plan.KnownColumn, index),
            Id = new UInt128((ulong)Value(plan, plan.KnownColumn + 2, index), (ulong)Value(plan, plan.KnownColumn + 1, index)),
        };
    }

    private bool IsExpired(ViewPlan plan, long time) => time <= _slab[SlabWords.Newest] - plan.RetentionMillis;

    // Exact: totals take away what they added, and all else is computed from the columns.
    private void RemoveAt(ViewPlan plan, int index)
    {
        foreach (var window in plan.Windows)
        {
            ref var low = ref _slab[window.CursorWord];
            ref var high = ref _slab[window.CursorWord + 1];
            if (index >= low && index < high)
            {
                foreach (var slot in window.Accumulators)
                {
                    var value = _slab.AsSpan(ColumnStart(plan, plan.FirstInput + slot.Column) + index, 1);
                    slot.Accumulator.Subtract(_slab.AsSpan(slot.Word, slot.Accumulator.Words), value);
                }
            }

            low -= index < low ? 1 : 0;
            high -= index < high ? 1 : 0;
        }

        for (var column = 0; column < plan.ColumnCount; column++)
        {
            var values = _slab.AsSpan(ColumnStart(plan, column), Count);
            values[(index + 1)..].CopyTo(values[index..]);
        }

        _slab[SlabWords.Count]--;
    }
}
