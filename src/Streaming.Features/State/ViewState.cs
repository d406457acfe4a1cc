// Hot: one insert per event and view.
using Streaming.Features.Events;
using Streaming.Features.Language;
using Streaming.Features.Layout;
using Streaming.Features.Plans;

namespace Streaming.Features.State;

/// <summary>
/// One entity's state of one view: a single array of words, columnar, sorted by event time, with the windows' cursors and totals
/// at its head (<see cref="SlabWords"/>). It is a function of the set of events applied, whatever the order they came in.
/// Written by one owner.
/// </summary>
internal sealed partial class ViewState
{
    private const long OffsetMask = (1L << 48) - 1;

    private long[] _slab;
    private TextTable? _texts;

    public ViewState(ViewPlan plan)
    {
        _slab = new long[plan.HeaderWords];
        _slab[SlabWords.CursorAt] = long.MinValue;
        _slab[SlabWords.Newest] = long.MinValue;
        _slab[SlabWords.NewestEvicted] = long.MinValue;
        _texts = plan.HasTexts ? new TextTable() : null;
    }

    /// <summary>The words as they are now; a reader on another thread must check that they did not change meanwhile.</summary>
    public long[] Words => Volatile.Read(ref _slab);

    /// <summary>The texts that codes refer to; null where the view keeps none.</summary>
    public TextTable? Texts => _texts;

    /// <summary>Events stored.</summary>
    public int Count => (int)_slab[SlabWords.Count];

    /// <summary>The newest event time seen.</summary>
    public long Newest => _slab[SlabWords.Newest];

    /// <summary>Bytes that the state takes in memory, texts not counted.</summary>
    public int MemoryBytes => _slab.Length * sizeof(long);

    /// <summary>Applies one event.</summary>
    /// <returns>Whether it counts: false where it is older than what the view keeps, and no lifetime feature has it.</returns>
    public bool Apply(ViewPlan plan, EventBatch batch, int row)
    {
        Span<long> values = stackalloc long[plan.Columns.Length];
        var context = new ExpressionContext(batch, row);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = plan.Columns[i].Evaluate(context, _texts, mayAddText: true);
        }

        var order = plan.IsOrdered ? ((long)batch.Partition << 48) | (batch.Offsets[row] & OffsetMask) : 0;
        return Insert(plan, new StoredEvent(batch.Times(plan.TimeField)[row], order, values));
    }

    /// <summary>
    /// Inserts an event whose columns are evaluated. What is older than the retention against the newest event of the state itself is in no
    /// window of any read that is answered, so it is dropped, whether it comes late or was there before the newest: the order does not
    /// matter.
    /// </summary>
    /// <returns>As <see cref="Apply"/>.</returns>
    public bool Insert(ViewPlan plan, in StoredEvent stored)
    {
        var newest = _slab[SlabWords.Newest];
        if (newest != long.MinValue && stored.Time <= newest - plan.RetentionMillis)
        {
            // What is evicted must be older than what is stored, so that the newest of all is looked for in one place.
            Evict(plan);
            return AbsorbLate(plan, stored);
        }

        if (stored.Time > newest)
        {
            _slab[SlabWords.Newest] = stored.Time;
        }

        // Also back from where a read far ahead left the cursors, or every optimistic read would bring its copy of them back.
        if (stored.Time > newest || stored.Time > _slab[SlabWords.CursorAt])
        {
            Slab.MoveTo(plan, _slab, _slab, stored.Time);
        }

        var moved = MakeRoom(plan);
        var index = InsertionIndex(plan, stored);
        Write(plan, stored, index);
        EnterWindows(plan, stored);
        if (moved)
        {
            // Only now, with the event in its columns: its codes are translated with all others.
            ForgetUnusedTexts(plan);
        }

        return true;
    }

    /// <summary>Drops the events that no exact read can need any more.</summary>
    public void Evict(ViewPlan plan)
    {
        var head = (int)_slab[SlabWords.Head];
        var count = (int)_slab[SlabWords.Count];
        var times = _slab.AsSpan(plan.HeaderWords + head, count);
        var expired = 0;
        while (expired < count && times[expired] <= _slab[SlabWords.Newest] - plan.RetentionMillis)
        {
            expired++;
        }

        if (expired > 0)
        {
            Drop(plan, expired);
        }
    }

    private void Drop(ViewPlan plan, int expired)
    {
        AbsorbExpired(plan, expired);
        _slab[SlabWords.NewestEvicted] = Math.Max(_slab[SlabWords.NewestEvicted], Time(plan, expired - 1));
        _slab[SlabWords.Head] += expired;
        _slab[SlabWords.Count] -= expired;
        _slab[SlabWords.Evicted] += expired;
        foreach (var window in plan.Windows)
        {
            // Every window's old edge is past what expires; a lifetime keeps its totals and begins at what is left.
            _slab[window.CursorWord] = Math.Max(0, _slab[window.CursorWord] - expired);
            _slab[window.CursorWord + 1] -= expired;
        }
    }

    private void AbsorbExpired(ViewPlan plan, int expired)
    {
        if (!plan.HasBaseWords)
        {
            return;
        }

        Span<long> values = stackalloc long[plan.Columns.Length];
        for (var i = 0; i < expired; i++)
        {
            for (var column = 0; column < values.Length; column++)
            {
                values[column] = Value(plan, plan.FirstInput + column, i);
            }

            Absorb(plan, new StoredEvent(Time(plan, i), plan.IsOrdered ? Value(plan, 1, i) : 0, values));
        }
    }

    private bool AbsorbLate(ViewPlan plan, in StoredEvent stored)
    {
        _slab[SlabWords.Evicted]++;
        _slab[SlabWords.NewestEvicted] = Math.Max(_slab[SlabWords.NewestEvicted], stored.Time);
        Absorb(plan, stored);
        var counts = false;
        foreach (var window in plan.Windows)
        {
            if (window.IsLifetime)
            {
                AddToTotals(window, stored);
                counts = true;
            }
        }

        return counts;
    }

    private void Absorb(ViewPlan plan, in StoredEvent stored)
    {
        foreach (var feature in plan.CompiledFeatures)
        {
            feature.Aggregator.Absorb(_slab, stored);
        }
    }

    private void EnterWindows(ViewPlan plan, in StoredEvent stored)
    {
        var end = _slab[SlabWords.CursorAt] - plan.DelayMillis;
        foreach (var window in plan.Windows)
        {
            if (stored.Time > end)
            {
                continue;
            }

            _slab[window.CursorWord + 1]++;
            if (stored.Time > window.StartExclusive(end))
            {
                AddToTotals(window, stored);
            }
            else
            {
                _slab[window.CursorWord]++;
            }
        }
    }

    private void AddToTotals(WindowPlan window, in StoredEvent stored)
    {
        foreach (var slot in window.Accumulators)
        {
            slot.Accumulator.Add(_slab.AsSpan(slot.Word, slot.Accumulator.Words), stored.Values.Slice(slot.Column, 1));
        }
    }

    private int InsertionIndex(ViewPlan plan, in StoredEvent stored)
    {
        var high = (int)_slab[SlabWords.Count];
        if (high == 0 || stored.Time > Time(plan, high - 1))
        {
            return high;
        }

        var times = _slab.AsSpan(plan.HeaderWords + (int)_slab[SlabWords.Head], high);
        var low = Slab.FirstAfter(times, high, stored.Time - 1);
        high = Slab.FirstAfter(times, high, stored.Time);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (IsBeforeEqual(plan, stored, middle))
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }

    // Events of equal time stand in the order of the log, or of their values where no aggregation asks for the log's.
    private bool IsBeforeEqual(ViewPlan plan, in StoredEvent stored, int index)
    {
        if (plan.IsOrdered)
        {
            return stored.Order < Value(plan, 1, index);
        }

        for (var column = 0; column < stored.Values.Length; column++)
        {
            var value = Value(plan, plan.FirstInput + column, index);
            if (stored.Values[column] != value)
            {
                return stored.Values[column] < value;
            }
        }

        return false;
    }
}
