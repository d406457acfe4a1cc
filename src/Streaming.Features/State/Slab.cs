// Hot: runs once or twice per event and per read.
using Streaming.Features.Layout;
using Streaming.Features.Plans;

namespace Streaming.Features.State;

/// <summary>
/// Moves the cursors of a slab's windows. The header may be the slab's own or a private copy of it; the columns are only read.
/// </summary>
internal static class Slab
{
    private const int LinearSteps = 8;

    /// <summary>Puts every window where a read at <paramref name="at"/> wants it; totals follow by what crosses the edges.</summary>
    public static void MoveTo(ViewPlan plan, Span<long> header, ReadOnlySpan<long> slab, long at)
    {
        if (header[SlabWords.CursorAt] == at)
        {
            return;
        }

        header[SlabWords.CursorAt] = at;
        var times = slab.Slice(plan.HeaderWords + (int)header[SlabWords.Head], (int)header[SlabWords.Count]);
        var end = at - plan.DelayMillis;
        foreach (var window in plan.Windows)
        {
            var low = (int)header[window.CursorWord];
            var high = (int)header[window.CursorWord + 1];
            var newLow = window.IsLifetime ? 0 : FirstAfter(times, low, window.StartExclusive(end));

            // Never below the low edge, even where the owner moves the times under an optimistic read: its indices stay in order.
            var newHigh = Math.Max(newLow, FirstAfter(times, high, end));
            if (newLow != low || newHigh != high)
            {
                header[window.CursorWord] = newLow;
                header[window.CursorWord + 1] = newHigh;
                UpdateTotals(plan, window, header, slab, low, high, newLow, newHigh);
            }
        }
    }

    /// <summary>The first index whose time is after <paramref name="bound"/>, looked for from a guess that is usually near.</summary>
    public static int FirstAfter(ReadOnlySpan<long> times, int guess, long bound)
    {
        var i = guess;
        var steps = 0;
        while (i < times.Length && times[i] <= bound)
        {
            i++;
            if (++steps == LinearSteps)
            {
                return i + Search(times[i..], bound);
            }
        }

        while (i > 0 && times[i - 1] > bound)
        {
            i--;
            if (++steps == LinearSteps)
            {
                return Search(times[..i], bound);
            }
        }

        return i;
    }

    private static int Search(ReadOnlySpan<long> times, long bound)
    {
        var (low, high) = (0, times.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (times[middle] <= bound)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private static void UpdateTotals(
        ViewPlan plan, WindowPlan window, Span<long> header, ReadOnlySpan<long> slab, int low, int high, int newLow, int newHigh)
    {
        var head = (int)header[SlabWords.Head];
        var capacity = (int)header[SlabWords.Capacity];
        foreach (var slot in window.Accumulators)
        {
            var total = header.Slice(slot.Word, slot.Accumulator.Words);
            var column = slab.Slice(plan.HeaderWords + ((plan.FirstInput + slot.Column) * capacity) + head, (int)header[SlabWords.Count]);
            if (newLow >= high || newHigh <= low)
            {
                // Nothing of the old window is left. A lifetime never comes here with something in it: its low edge stays at 0.
                slot.Accumulator.Subtract(total, column[low..high]);
                slot.Accumulator.Add(total, column[newLow..newHigh]);
                continue;
            }

            Shift(slot.Accumulator, total, column, low, newLow, entering: false);
            Shift(slot.Accumulator, total, column, high, newHigh, entering: true);
        }
    }

    // The high edge takes in what it passes going forward; the low edge lets it go.
    private static void Shift(Accumulator accumulator, Span<long> total, ReadOnlySpan<long> column, int from, int to, bool entering)
    {
        if (from == to)
        {
            return;
        }

        var run = from < to ? column[from..to] : column[to..from];
        if (from < to == entering)
        {
            accumulator.Add(total, run);
        }
        else
        {
            accumulator.Subtract(total, run);
        }
    }
}
