// Hot: where an event's words go.
using Streaming.Features.Layout;
using Streaming.Features.Plans;

namespace Streaming.Features.State;

/// <content>The slab: where a column is, and room for one more event.</content>
internal sealed partial class ViewState
{
    private const int SmallestCapacity = 4;

    // Below it an expired burst's room is too little to be worth another array.
    private const int LargeCapacity = 32;

    private void Write(ViewPlan plan, in StoredEvent stored, int index)
    {
        var count = (int)_slab[SlabWords.Count];
        for (var column = 0; column < plan.ColumnCount; column++)
        {
            var values = _slab.AsSpan(ColumnStart(plan, column), count + 1);
            if (index < count)
            {
                values[index..count].CopyTo(values[(index + 1)..]);
            }

            values[index] = column == 0 ? stored.Time
                : column < plan.FirstInput ? stored.Fact(column, plan.KnownColumn)
                : stored.Values[column - plan.FirstInput];
        }

        _slab[SlabWords.Count] = count + 1;
    }

    private bool MakeRoom(ViewPlan plan)
    {
        if (_slab[SlabWords.Head] + _slab[SlabWords.Count] < _slab[SlabWords.Capacity] && !IsMostlyExpired(plan))
        {
            return false;
        }

        Evict(plan);
        var capacity = CapacityLeft();
        if (Count > capacity - Math.Max(1, capacity / 8))
        {
            // What is free is most of what an entity takes beside its events, so a large array grows by a quarter only.
            capacity = Math.Max(SmallestCapacity, (capacity + (capacity / (capacity < LargeCapacity ? 2 : 4))) & ~1);
        }

        Repack(plan, capacity);
        return true;
    }

    // Whether fewer events than a quarter of a large capacity would be left: a burst is not to keep its room until as many events come
    // again.
    private bool IsMostlyExpired(ViewPlan plan)
    {
        var (capacity, count) = ((int)_slab[SlabWords.Capacity], Count);
        return capacity >= LargeCapacity
            && (count < capacity / 4 || Time(plan, count - (capacity / 4)) <= _slab[SlabWords.Newest] - plan.RetentionMillis);
    }

    // Half in use: a quarter of it must come or go before another array is needed, so that each event pays for a constant part of one.
    private int CapacityLeft()
    {
        var capacity = (int)_slab[SlabWords.Capacity];
        return capacity >= LargeCapacity && Count < capacity / 4 ? Math.Max(SmallestCapacity, 2 * Count) : capacity;
    }

    // Moves the columns to the front, into another array where the capacity changes: readers of the old one find it as it was, or
    // changed since.
    private void Repack(ViewPlan plan, int capacity)
    {
        var count = (int)_slab[SlabWords.Count];
        var target = _slab;
        if (capacity != _slab[SlabWords.Capacity])
        {
            target = new long[plan.HeaderWords + (plan.ColumnCount * capacity)];
            _slab.AsSpan(0, plan.HeaderWords).CopyTo(target);
        }

        for (var column = 0; column < plan.ColumnCount; column++)
        {
            _slab.AsSpan(ColumnStart(plan, column), count).CopyTo(target.AsSpan(plan.HeaderWords + (column * capacity)));
        }

        target[SlabWords.Head] = 0;
        target[SlabWords.Capacity] = capacity;
        Volatile.Write(ref _slab, target);
    }

    private long Time(ViewPlan plan, int index) => _slab[plan.HeaderWords + (int)_slab[SlabWords.Head] + index];

    private long Value(ViewPlan plan, int column, int index) => _slab[ColumnStart(plan, column) + index];

    private int ColumnStart(ViewPlan plan, int column) =>
        plan.HeaderWords + (column * (int)_slab[SlabWords.Capacity]) + (int)_slab[SlabWords.Head];
}
