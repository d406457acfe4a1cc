// Hot: selects from a window per read.
using System.Runtime.InteropServices;
using Streaming.Features.Layout;

namespace Streaming.Features.Aggregations;

/// <summary>
/// The exact percentile with linear interpolation between the two nearest ranks (type 7 of Hyndman and Fan 1996, as numpy's
/// default), by quickselect (Hoare 1961) on a copy in scratch memory. Absent without a number.
/// </summary>
internal sealed class Percentile() : Aggregation(new(
    "percentile",
    1,
    AcceptsAll: false,
    Numeric,
    Lifetime: false,
    KeepsInputType: false,
    [new("p", 0, 100)],
    "Exact percentile p, linearly interpolated."))
{
    public override Aggregator Compile(AggregationUse use) =>
        new Reader(use, use.Column(InputKind.Number), use.Definition.Parameters["p"] / 100);

    private sealed class Reader(AggregationUse use, int column, double share) : ColumnAggregator(use, InputKind.Number, column)
    {
        [ThreadStatic]
        private static double[]? s_scratch;

        public override bool TryRead(in WindowRead window, out double value, out long eventTime)
        {
            var values = Present(window);
            value = values.IsEmpty ? double.NaN : Interpolate(values);
            eventTime = Contributors.Newest(window);
            return !values.IsEmpty;
        }

        private Span<double> Present(in WindowRead window)
        {
            var stored = MemoryMarshal.Cast<long, double>(window.Column(Column));
            if (s_scratch is null || s_scratch.Length <= stored.Length)
            {
                s_scratch = new double[Math.Max(256, 2 * stored.Length)];
            }

            var count = 0;
            foreach (var number in stored)
            {
                s_scratch[count] = number;
                count += double.IsNaN(number) ? 0 : 1;
            }

            s_scratch[count] = window.HypotheticalNumber(Column);
            count += double.IsNaN(s_scratch[count]) ? 0 : 1;
            return s_scratch.AsSpan(0, count);
        }

        private double Interpolate(Span<double> values)
        {
            var rank = share * (values.Length - 1);
            var below = (int)rank;
            var low = Select(values, below);
            if (below == values.Length - 1)
            {
                return low;
            }

            var high = double.PositiveInfinity;
            foreach (var number in values[(below + 1)..])
            {
                high = Math.Min(high, number);
            }

            // The product is rounded, and so may end just above.
            return Math.Min(high, low + ((rank - below) * (high - low)));
        }

        // Leaves everything right of the rank at least as large as what it returns.
        private static double Select(Span<double> values, int rank)
        {
            var (left, right) = (0, values.Length - 1);
            while (left < right)
            {
                var (i, j) = Partition(values, left, right);
                if (rank <= j)
                {
                    right = j;
                }
                else if (rank >= i)
                {
                    left = i;
                }
                else
                {
                    break;
                }
            }

            return values[rank];
        }

        // Hoare's: what is left of i is at most the pivot, what is right of j at least.
        private static (int I, int J) Partition(Span<double> values, int left, int right)
        {
            var pivot = values[(left + right) >>> 1];
            var (i, j) = (left, right);
            while (i <= j)
            {
                while (values[i] < pivot)
                {
                    i++;
                }

                while (values[j] > pivot)
                {
                    j--;
                }

                if (i <= j)
                {
                    (values[i], values[j]) = (values[j], values[i]);
                    i++;
                    j--;
                }
            }

            return (i, j);
        }
    }
}
