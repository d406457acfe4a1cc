using Streaming.Features.Layout;
using Streaming.Features.Plans;

namespace Streaming.Features.State;

/// <summary>
/// Events of one entity's view that later ones took the place of: few, so they are looked for one by one. Of one id and one time of
/// becoming known there is only the last in the log.
/// </summary>
internal sealed class SupersededEvents
{
    private readonly List<long[]> _rows = [];

    /// <summary>How many there are.</summary>
    public int Count => _rows.Count;

    /// <summary>The words of each, by column.</summary>
    public IReadOnlyList<long[]> Rows => _rows;

    /// <summary>Bytes in memory, about.</summary>
    public int MemoryBytes => _rows.Sum(row => (row.Length + 4) * sizeof(long));

    /// <summary>The newest time at which one became known.</summary>
    public long NewestKnown(ViewPlan plan) => _rows.Max(row => row[plan.KnownColumn]);

    /// <summary>Adds one.</summary>
    public void Add(ViewPlan plan, in StoredEvent stored)
    {
        var row = new long[plan.ColumnCount];
        row[0] = stored.Time;
        for (var column = 1; column < plan.FirstInput; column++)
        {
            row[column] = stored.Fact(column, plan.KnownColumn);
        }

        stored.Values.CopyTo(row.AsSpan(plan.FirstInput));
        var same = _rows.FindIndex(other => IsOfId(plan, other, row) && other[plan.KnownColumn] == row[plan.KnownColumn]);
        if (same < 0)
        {
            _rows.Add(row);
        }
        else if (_rows[same][1] < row[1])
        {
            _rows[same] = row;
        }
    }

    /// <summary>Takes rows as they were written, in their one order, or no state has them; null for none.</summary>
    public static SupersededEvents? Read(ref StateReader reader, int count, int columns)
    {
        if (count <= 0 || count > reader.Remaining / (sizeof(long) * columns))
        {
            if (count != 0)
            {
                reader.Fail();
            }

            return null;
        }

        var superseded = new SupersededEvents();
        var last = (Time: long.MinValue, Order: long.MinValue);
        for (var i = 0; i < count; i++)
        {
            var row = reader.Words(columns);
            if ((row[0], row[1]).CompareTo(last) <= 0)
            {
                reader.Fail();
            }

            last = (row[0], row[1]);
            superseded._rows.Add(row);
        }

        return superseded;
    }

    /// <summary>A row as an event.</summary>
    public StoredEvent Event(ViewPlan plan, int index)
    {
        var row = _rows[index];
        return new StoredEvent(row[0], row[1], row.AsSpan(plan.FirstInput))
        {
            Known = row[plan.KnownColumn],
            Id = new UInt128((ulong)row[plan.KnownColumn + 2], (ulong)row[plan.KnownColumn + 1]),
        };
    }

    /// <summary>The rows that a read at a time sees: of each id the latest that was known, if no later one in the slab was.</summary>
    /// <param name="plan">The view.</param>
    /// <param name="at">The time.</param>
    /// <param name="slab">The view's slab.</param>
    /// <param name="count">Its events.</param>
    public List<int> BestAt(ViewPlan plan, long at, long[] slab, int count)
    {
        var known = KnownIds(plan, at, slab, count);
        var best = new Dictionary<UInt128, int>();
        for (var i = 0; i < _rows.Count; i++)
        {
            var (id, row) = (Event(plan, i).Id, _rows[i]);
            if (row[plan.KnownColumn] <= at && !known.Contains(id)
                && (!best.TryGetValue(id, out var other) || _rows[other][plan.KnownColumn] < row[plan.KnownColumn]))
            {
                best[id] = i;
            }
        }

        return [.. best.Values.Order()];
    }

    /// <summary>Drops what no read can need any more and brings the rest to its one order: by time, then by place in the log.</summary>
    public void Settle(long keptAfter)
    {
        _rows.RemoveAll(row => row[0] <= keptAfter);
        _rows.Sort(static (one, other) => one[0] != other[0] ? one[0].CompareTo(other[0]) : one[1].CompareTo(other[1]));
    }

    /// <summary>Translates the codes of a column.</summary>
    public void Recode(int column, TextRecoding recoding)
    {
        foreach (var row in _rows)
        {
            row[column] = recoding.Translate(row[column]);
        }
    }

    private static HashSet<UInt128> KnownIds(ViewPlan plan, long at, long[] slab, int count)
    {
        var ids = new HashSet<UInt128>();
        var (head, capacity) = ((int)slab[SlabWords.Head], (int)slab[SlabWords.Capacity]);
        for (var i = plan.HeaderWords + head; i < plan.HeaderWords + head + count; i++)
        {
            var known = i + (plan.KnownColumn * capacity);
            if (slab[known] <= at)
            {
                ids.Add(new UInt128((ulong)slab[known + (2 * capacity)], (ulong)slab[known + capacity]));
            }
        }

        return ids;
    }

    private static bool IsOfId(ViewPlan plan, long[] one, long[] other) =>
        one[plan.KnownColumn + 1] == other[plan.KnownColumn + 1] && one[plan.KnownColumn + 2] == other[plan.KnownColumn + 2];
}
