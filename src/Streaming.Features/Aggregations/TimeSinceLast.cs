using Streaming.Features.Events;
using Streaming.Features.Layout;

namespace Streaming.Features.Aggregations;

/// <summary>
/// Seconds from the newest event in the window to the time of the read. The event that is being scored does not count, so a
/// transaction sees the gap to the one before it, online and in training alike. Absent without an earlier event.
/// </summary>
internal sealed class TimeSinceLast() : Aggregation(
    new("time_since_last", 1, AcceptsAll: true, Any, Lifetime: true, KeepsInputType: false, [], "Seconds since the newest earlier event."))
{
    public override Aggregator Compile(AggregationUse use)
    {
        if (use.TakesAll)
        {
            return new OfAll();
        }

        var kind = !use.Definition.Inputs.IsEmpty && use.Definition.Inputs[0].Type == FieldType.Text ? InputKind.Hash : InputKind.Number;
        return new OfContributors(use, kind, use.Column(kind));
    }

    private static bool Since(in WindowRead window, long newest, out double value)
    {
        value = newest == long.MinValue ? double.NaN : (window.At - newest) / 1000.0;
        return newest != long.MinValue;
    }

    private sealed class OfAll : Aggregator
    {
        public override bool TryRead(in WindowRead window, out double value, out long eventTime)
        {
            eventTime = window.NewestOtherTime;
            return Since(window, eventTime, out value);
        }
    }

    private sealed class OfContributors(AggregationUse use, InputKind kind, int column) : ColumnAggregator(use, kind, column)
    {
        public override bool TryRead(in WindowRead window, out double value, out long eventTime)
        {
            eventTime = Contributors.NewestOther(window);
            return Since(window, eventTime, out value);
        }
    }
}
