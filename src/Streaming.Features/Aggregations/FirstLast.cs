using Streaming.Features.Events;
using Streaming.Features.Layout;

namespace Streaming.Features.Aggregations;

/// <summary>The value of the oldest event that has one; of equal times, the first in the log. Absent without a value.</summary>
internal sealed class First() : Aggregation(OneInput("first", Any, lifetime: true, "Value of the oldest event.", keepsType: true))
{
    public override Aggregator Compile(AggregationUse use) => new EdgeReader(use, newest: false);
}

/// <summary>The value of the newest event that has one; of equal times, the last in the log. Absent without a value.</summary>
internal sealed class Last() : Aggregation(OneInput("last", Any, lifetime: true, "Value of the newest event.", keepsType: true))
{
    public override Aggregator Compile(AggregationUse use) => new EdgeReader(use, newest: true);
}

/// <summary>
/// Finds the first present value from one end of the window. For a lifetime, four words keep the winner of what was evicted:
/// whether there is one, its value, time and order.
/// </summary>
internal sealed class EdgeReader : Aggregator
{
    private readonly bool _newest;
    private readonly InputKind _kind;
    private readonly int _column;
    private readonly Contributors _contributors;
    private readonly int _baseWord = -1;

    public EdgeReader(AggregationUse use, bool newest)
    {
        _newest = newest;
        _kind = use.Definition.Inputs[0].Type == FieldType.Text ? InputKind.Text : InputKind.Number;
        _column = use.Column(_kind);
        _contributors = newest ? default : new Contributors(use, _kind, _column);
        use.RequireOrder();
        if (use.IsLifetime)
        {
            _baseWord = use.BaseWords(4);
        }
    }

    public override bool TryRead(in WindowRead window, out double value, out long eventTime)
    {
        var found = Find(window, out value);

        // The first value ages by the newest, as every aggregation does: while events come, it is up to date.
        eventTime = _newest || found == long.MinValue ? found : _contributors.Newest(window);
        return found != long.MinValue;
    }

    public override void Absorb(Span<long> slab, in StoredEvent stored)
    {
        if (_baseWord < 0 || InputColumn.IsAbsent(_kind, stored.Values[_column]))
        {
            return;
        }

        if (!_newest)
        {
            _contributors.Absorb(slab, stored);
        }

        var kept = slab.Slice(_baseWord, 4);
        if (kept[0] == 0 || stored.IsBefore(kept[2], kept[3]) != _newest)
        {
            kept[0] = 1;
            kept[1] = stored.Values[_column];
            kept[2] = stored.Time;
            kept[3] = stored.Order;
        }
    }

    public override void Recode(Span<long> slab, TextRecoding recoding)
    {
        if (_baseWord >= 0 && _kind == InputKind.Text && slab[_baseWord] != 0)
        {
            slab[_baseWord + 1] = recoding.Translate(slab[_baseWord + 1]);
        }
    }

    // The hypothetical event is the newest of all, evicted events are the oldest.
    private long Find(in WindowRead window, out double value)
    {
        var time = _newest ? FindHypothetical(window, out value) : FindEvicted(window, out value);
        if (time == long.MinValue)
        {
            time = FindStored(window, out value);
        }

        if (time == long.MinValue)
        {
            time = _newest ? FindEvicted(window, out value) : FindHypothetical(window, out value);
        }

        return time;
    }

    private long FindStored(in WindowRead window, out double value)
    {
        var column = window.Column(_column);
        for (var i = 0; i < column.Length; i++)
        {
            var index = _newest ? column.Length - 1 - i : i;
            if (!InputColumn.IsAbsent(_kind, column[index]))
            {
                value = ToValue(column[index]);
                return window.Times[index];
            }
        }

        value = double.NaN;
        return long.MinValue;
    }

    private long FindHypothetical(in WindowRead window, out double value)
    {
        var present = window.HasHypothetical && !InputColumn.IsAbsent(_kind, window.Hypothetical(_column));
        value = present ? ToValue(window.Hypothetical(_column)) : double.NaN;
        return present ? window.At : long.MinValue;
    }

    private long FindEvicted(in WindowRead window, out double value)
    {
        var present = _baseWord >= 0 && window.Words(_baseWord, 1)[0] != 0;
        value = present ? ToValue(window.Words(_baseWord, 4)[1]) : double.NaN;
        return present ? window.Words(_baseWord, 4)[2] : long.MinValue;
    }

    private double ToValue(long stored) => _kind == InputKind.Number ? BitConverter.Int64BitsToDouble(stored) : stored;
}
