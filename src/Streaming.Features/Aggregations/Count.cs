using Streaming.Features.Layout;

namespace Streaming.Features.Aggregations;

/// <summary>How many events are in the window: all, or those with a value and under the condition. Never absent.</summary>
internal sealed class Count()
    : Aggregation(new("count", 1, AcceptsAll: true, Any, Lifetime: true, KeepsInputType: false, [], "Number of events."))
{
    public override Aggregator Compile(AggregationUse use)
    {
        if (use.TakesAll)
        {
            return new AllEvents();
        }

        var kind = !use.Definition.Inputs.IsEmpty && use.Definition.Inputs[0].Type == Events.FieldType.Text
            ? InputKind.Hash
            : InputKind.Number;
        var column = use.Column(kind);
        return new PresentValues(
            use, kind, column, use.Total(kind == InputKind.Hash ? Accumulator.PresentHashes : Accumulator.Present, column));
    }

    private sealed class AllEvents : Aggregator
    {
        public override bool IsCount => true;

        public override bool TryRead(in WindowRead window, out double value, out long eventTime)
        {
            value = window.Count;
            eventTime = window.NewestTime;
            return true;
        }
    }

    private sealed class PresentValues(AggregationUse use, InputKind kind, int column, int word) : ColumnAggregator(use, kind, column)
    {
        public override bool IsCount => true;

        public override bool TryRead(in WindowRead window, out double value, out long eventTime)
        {
            var present = window.Words(word, 1)[0] + (Contributors.IsHypothetical(window) ? 1 : 0);
            value = present;
            eventTime = Contributors.Newest(window, present);
            return true;
        }
    }
}
