using System.Collections.Immutable;

namespace Streaming.Scoring.Drift;

/// <summary>Makes the histogram of a feature's training values.</summary>
public static class BaselineBuilder
{
    private const int Chunks = 20;
    private const int RowsPerChunkMin = 500;

    /// <summary>The histogram of some values, with their own deciles, or their few values, as bins.</summary>
    /// <param name="name">The feature's name, or <c>score</c>.</param>
    /// <param name="values">In the order of their times; NaN is missing.</param>
    public static BaselineHistogram Of(string name, ReadOnlySpan<double> values)
    {
        var sorted = values.ToArray().Where(value => !double.IsNaN(value)).ToArray();
        Array.Sort(sorted);
        var missing = values.Length - sorted.Length;
        if (sorted.Length == 0)
        {
            return new(name, [], [0], missing);
        }

        var categories = Categories(sorted);
        var edges = categories.IsDefault ? Deciles(sorted) : categories;
        var bins = new BaselineHistogram(name, edges, [.. new long[edges.Length + (categories.IsDefault ? 1 : 0)]], missing)
        {
            IsCategorical = !categories.IsDefault,
            Min = sorted[0],
            Max = sorted[^1],
            Deviation = Deviation(sorted),
        };
        var counts = Count(bins, values);
        return WithNoise(bins with { Counts = [.. counts.AsSpan(0, bins.Counts.Length)] }, values);
    }

    private static ImmutableArray<double> Categories(double[] sorted)
    {
        var distinct = ImmutableArray.CreateBuilder<double>();
        foreach (var value in sorted)
        {
            if (distinct.Count > 0 && value == distinct[^1])
            {
                continue;
            }

            if (distinct.Count == BaselineHistogram.MaxCategories)
            {
                return default;
            }

            distinct.Add(value);
        }

        return distinct.ToImmutable();
    }

    private static ImmutableArray<double> Deciles(double[] sorted)
    {
        var edges = ImmutableArray.CreateBuilder<double>(BaselineHistogram.MaxBins - 1);
        for (var i = 1; i < BaselineHistogram.MaxBins; i++)
        {
            var edge = sorted[(int)((long)i * (sorted.Length - 1) / BaselineHistogram.MaxBins)];
            if ((edges.Count == 0 || edge > edges[^1]) && edge < sorted[^1])
            {
                edges.Add(edge);
            }
        }

        return edges.ToImmutable();
    }

    private static long[] Count(BaselineHistogram bins, ReadOnlySpan<double> values)
    {
        var counts = new long[bins.Cells];
        foreach (var value in values)
        {
            counts[bins.CellOf(value)]++;
        }

        return counts;
    }

    private static BaselineHistogram WithNoise(BaselineHistogram histogram, ReadOnlySpan<double> values)
    {
        var chunks = Math.Min(Chunks, (int)(histogram.Present / RowsPerChunkMin));
        if (chunks < 2)
        {
            return histogram;
        }

        var indexes = new List<double>(chunks);
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            var (from, to) = ((int)((long)values.Length * chunk / chunks), (int)((long)values.Length * (chunk + 1) / chunks));
            var index = DriftComparison.Of(histogram, Count(histogram, values[from..to])).Psi;
            if (!double.IsNaN(index))
            {
                indexes.Add(index);
            }
        }

        var mean = indexes.Average();
        var deviation = Math.Sqrt(indexes.Average(index => (index - mean) * (index - mean)));
        return histogram with { Noise = new(histogram.Present / (double)chunks, mean, deviation) };
    }

    private static double Deviation(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }
}
