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

    public ViewState(ViewPlan plan, long since = long.MinValue)
    {
        _slab = new long[plan.HeaderWords];
        _slab[SlabWords.CursorAt] = since;
        _slab[SlabWords.Newest] = since;
        _slab[SlabWords.NewestEvicted] = long.MinValue;
        if (plan.KnownWord >= 0)
        {
            _slab[plan.KnownWord] = long.MinValue;
        }

        _texts = plan.HasTexts ? new TextTable() : null;
    }

    /// <summary>The words as they are now; a reader on another thread must check that they did not change meanwhile.</summary>
    public long[] Words => Volatile.Read(ref _slab);

    /// <summary>The texts that codes refer to; null where the view keeps none.</summary>
    public TextTable? Texts => _texts;

    /// <summary>Events stored.</summary>
    public int Count => (int)_slab[SlabWords.Count];

    /// <summary>The newest event time seen, or the time that the state began at, if that is later.</summary>
    public long Newest => _slab[SlabWords.Newest];

    /// <summary>Bytes that the state takes in memory, texts not counted.</summary>
    public int MemoryBytes => (_slab.Length * sizeof(long)) + (_superseded?.MemoryBytes ?? 0);

    /// <summary>Bytes in memory, about: its words and texts, and the objects that hold them.</summary>
    public long Bytes => 64 + MemoryBytes + (_texts?.Bytes ?? 0);

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
        var time = batch.Times(plan.TimeField)[row];
        return plan.KnownWord < 0
            ? Insert(plan, new StoredEvent(time, order, values))
            : InsertKnown(plan, new StoredEvent(time, order, values) { Known = KnownAt(plan, batch, row), Id = IdOf(plan, batch, row) });
    }

    /// <summary>
    /// Inserts an event whose columns are evaluated. What is older than the retention against the newest event of the state itself is in no
    /// window of any read that is answered, so it is dropped, whether it comes late or was there before the newest: the order does not
    /// matter.
    /// </summary>
    /// <returns>As <see cref="Apply"/>.</returns>
    public bool Insert(ViewPlan plan, in StoredEvent stored)
    {
        var counts = Place(plan, stored, out var moved);
        if (moved)
        {
            // Only now, with the event in its columns: its codes are translated with all others.
            ForgetUnusedTexts(plan);
        }

        return counts;
    }

    // As Insert, but all codes stay as they are.
    private bool Place(ViewPlan plan, in StoredEvent stored, out bool moved)
    {
        moved = false;
        var newest = _slab[SlabWords.Newest];
        if (newest != long.MinValue && stored.Time <= newest - plan.RetentionMillis)
        {
            // What is evicted must be older than what is stored, so that the newest of all is looked for in one place.
            Evict(plan);
            return AbsorbLate(plan, stored);
        }

        Advance(plan, stored.Time);

        moved = MakeRoom(plan);
        var index = InsertionIndex(plan, stored);
        Write(plan, stored, index);
        EnterWindows(plan, stored);
        return true;
    }

    private void Advance(ViewPlan plan, long time)
    {
        var isNewest = time > _slab[SlabWords.Newest];
        if (isNewest)
        {
            _slab[SlabWords.Newest] = time;
        }

        // Also back from where a read far ahead left the cursors, or every optimistic read would bring its copy of them back.
        if (isNewest || time > _slab[SlabWords.CursorAt])
        {
            Slab.MoveTo(plan, _slab, _slab, time);
        }
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
        NoteEvicted(plan, Time(plan, expired - 1), expired);
        _slab[SlabWords.Head] += expired;
        _slab[SlabWords.Count] -= expired;
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
        NoteEvicted(plan, stored.Time, 1);
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

    // Only a lifetime asks, which has no corrections: whether an event was corrected before it was evicted is a matter of arrival.
    private void NoteEvicted(ViewPlan plan, long newest, int count)
    {
        if (!plan.HasCorrections)
        {
            _slab[SlabWords.NewestEvicted] = Math.Max(_slab[SlabWords.NewestEvicted], newest);
            _slab[SlabWords.Evicted] += count;
        }
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

        return plan.KnownWord >= 0 && stored.Known < Value(plan, plan.KnownColumn, index);
    }
}
