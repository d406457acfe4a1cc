using Streaming.Features.Plans;

namespace Streaming.Features.Aggregations;

/// <summary>How many events are in the window: all, or those with a value and under the condition. Never absent.</summary>
internal sealed class Count() : Aggregation(new("count", 1, AcceptsAll: true, Any, Lifetime: true, KeepsInputType: false, [], "Number of events."))
{
    public override Aggregator Compile(AggregationUse use)
    {
        if (use.TakesAll)
        {
            return new AllEvents();
        }

        var ofText = !use.Definition.Inputs.IsEmpty && use.Definition.Inputs[0].Type == Events.FieldType.Text;
        var column = use.Column(ofText ? InputKind.Hash : InputKind.Number);
        return new PresentValues(column, use.Total(ofText ? Accumulator.PresentHashes : Accumulator.Present, column), ofText);
    }

    private sealed class AllEvents : Aggregator
    {
        public override bool IsCount => true;

        public override bool TryRead(in WindowRead window, out double value)
        {
            value = window.Count;
            return true;
        }
    }

    private sealed class PresentValues(int column, int word, bool hashes) : Aggregator
    {
        public override bool IsCount => true;

        public override bool TryRead(in WindowRead window, out double value)
        {
            var more = window.HasHypothetical && !InputColumn.IsAbsent(hashes ? InputKind.Hash : InputKind.Number, window.Hypothetical(column));
            value = window.Words(word, 1)[0] + (more ? 1 : 0);
            return true;
        }
    }
}
