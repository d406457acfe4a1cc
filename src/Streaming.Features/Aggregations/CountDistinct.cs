// Hot: scans a window per read.
using Streaming.Features.Events;
using Streaming.Features.Numerics;
using Streaming.Features.Layout;

namespace Streaming.Features.Aggregations;

/// <summary>
/// How many different values there are, exactly. Zero without a value, never absent. A read costs a pass over the window.
/// </summary>
internal sealed class CountDistinct() : Aggregation(OneInput("count_distinct", Any, lifetime: false, "Number of different values, exact."))
{
    public override Aggregator Compile(AggregationUse use)
    {
        var kind = use.Definition.Inputs[0].Type == FieldType.Text ? InputKind.Text : InputKind.Number;
        return new Reader(use, kind, use.Column(kind));
    }

    private sealed class Reader(AggregationUse use, InputKind kind, int column) : ColumnAggregator(use, kind, column)
    {
        public override bool IsCount => true;

        public override bool TryRead(in WindowRead window, out double value, out long eventTime)
        {
            value = DistinctValues.Of(window, Kind, Column);
            eventTime = Contributors.Newest(window);
            return true;
        }
    }
}

/// <summary>
/// How many different values there are: exact up to 1,024 events in the window, HyperLogLog above (standard error 1.6 %), so the
/// answer depends on the window's events alone. Zero without a value, never absent.
/// </summary>
internal sealed class ApproximateCountDistinct() : Aggregation(
    OneInput(
        "approx_count_distinct",
        Any,
        lifetime: false,
        "Number of different values; above 1,024 events by HyperLogLog, standard error 1.6 %."))
{
    private const int ExactEvents = 1024;

    public override Aggregator Compile(AggregationUse use) => new Reader(use, use.Column(InputKind.Hash));

    private sealed class Reader(AggregationUse use, int column) : ColumnAggregator(use, InputKind.Hash, column)
    {
        public override bool IsCount => true;

        public override bool TryRead(in WindowRead window, out double value, out long eventTime)
        {
            eventTime = Contributors.Newest(window);
            value = window.Count <= ExactEvents ? DistinctValues.Of(window, Kind, Column) : Estimate(window);
            return true;
        }

        private double Estimate(in WindowRead window)
        {
            Span<byte> registers = stackalloc byte[HyperLogLog.Registers];
            registers.Clear();
            foreach (var hash in window.Column(Column))
            {
                if (hash != 0)
                {
                    HyperLogLog.Add(registers, (ulong)hash);
                }
            }

            if (window.HasHypothetical && window.Hypothetical(Column) != 0)
            {
                HyperLogLog.Add(registers, (ulong)window.Hypothetical(Column));
            }

            return Math.Round(HyperLogLog.Estimate(registers));
        }
    }
}

/// <summary>Counts the different present values of a column in a window.</summary>
internal static class DistinctValues
{
    public static int Of(in WindowRead window, InputKind kind, int column)
    {
        var stored = window.Column(column);
        var set = ValueSet.Scratch(stored.Length + 1);
        foreach (var value in stored)
        {
            if (!InputColumn.IsAbsent(kind, value))
            {
                set.Add(value);
            }
        }

        if (window.HasHypothetical && !InputColumn.IsAbsent(kind, window.Hypothetical(column)))
        {
            set.Add(window.Hypothetical(column));
        }

        return set.Count;
    }
}
