// Hot: where an event's words go.
using Streaming.Features.Aggregations;
using Streaming.Features.Plans;

namespace Streaming.Features.State;

/// <content>The slab: where a column is, and room for one more event.</content>
internal sealed partial class ViewState
{
    private const int SmallestCapacity = 4;

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

            values[index] = column == 0 ? stored.Time : column < plan.FirstInput ? stored.Order : stored.Values[column - plan.FirstInput];
        }

        _slab[SlabWords.Count] = count + 1;
    }

    private bool MakeRoom(ViewPlan plan)
    {
        if (_slab[SlabWords.Head] + _slab[SlabWords.Count] < _slab[SlabWords.Capacity])
        {
            return false;
        }

        Evict(plan);
        var count = (int)_slab[SlabWords.Count];
        var capacity = (int)_slab[SlabWords.Capacity];
        if (count > capacity - Math.Max(1, capacity / 4))
        {
            capacity = Math.Max(SmallestCapacity, (capacity * 3 / 2) & ~1);
        }

        Repack(plan, capacity);
        return true;
    }

    // Moves the columns to the front, into a larger array where one is needed.
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
