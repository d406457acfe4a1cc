using Streaming.Features.Events;
using Streaming.Features.Plans;

namespace Streaming.Features.Aggregations;

/// <summary>
/// Seconds from the newest event in the window to the time of the read. The event that is being scored does not count, so a
/// transaction sees the gap to the one before it, online and in training alike. Absent without an earlier event.
/// </summary>
internal sealed class TimeSinceLast() : Aggregation(
    new("time_since_last", 1, AcceptsAll: true, Any, Lifetime: true, KeepsInputType: false, [], "Seconds since the newest earlier event."))
{
    public override Aggregator Compile(AggregationUse use) => new Reader(use);

    private sealed class Reader : Aggregator
    {
        private readonly InputKind _kind;
        private readonly int _column = -1;
        private readonly int _baseWord = -1;

        public Reader(AggregationUse use)
        {
            if (!use.TakesAll)
            {
                _kind = !use.Definition.Inputs.IsEmpty && use.Definition.Inputs[0].Type == FieldType.Text ? InputKind.Hash : InputKind.Number;
                _column = use.Column(_kind);
            }

            if (use.IsLifetime)
            {
                _baseWord = use.BaseWords(2);
            }
        }

        public override bool TryRead(in WindowRead window, out double value)
        {
            var newest = EventTime(window);
            value = newest == long.MinValue ? double.NaN : (window.At - newest) / 1000.0;
            return newest != long.MinValue;
        }

        public override long EventTime(in WindowRead window)
        {
            for (var i = window.Stored - 1; i >= 0; i--)
            {
                if (_column < 0 || !InputColumn.IsAbsent(_kind, window.Column(_column)[i]))
                {
                    return window.Times[i];
                }
            }

            return _baseWord >= 0 && window.Words(_baseWord, 1)[0] != 0 ? window.Words(_baseWord, 2)[1] : long.MinValue;
        }

        public override void Absorb(Span<long> slab, in StoredEvent stored)
        {
            if (_baseWord >= 0 && (_column < 0 || !InputColumn.IsAbsent(_kind, stored.Values[_column])))
            {
                slab[_baseWord + 1] = slab[_baseWord] == 0 ? stored.Time : Math.Max(slab[_baseWord + 1], stored.Time);
                slab[_baseWord] = 1;
            }
        }
    }
}
