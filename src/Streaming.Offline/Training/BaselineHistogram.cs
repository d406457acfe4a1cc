using System.Collections.Immutable;

namespace Streaming.Offline.Training;

/// <summary>
/// How a feature or the score was distributed in training; drift is measured against it. Bin i counts values v with
/// edge(i-1) &lt; v &lt;= edge(i); the first bin has no lower and the last no upper edge, so there is one bin more than edges.
/// </summary>
/// <param name="Name">The feature's name, or <c>score</c>.</param>
/// <param name="Edges">Ascending and distinct: deciles of training, fewer where values repeat.</param>
/// <param name="Counts">Rows of each bin.</param>
/// <param name="Missing">Rows whose value is NaN.</param>
public sealed record BaselineHistogram(string Name, ImmutableArray<double> Edges, ImmutableArray<long> Counts, long Missing)
{
    /// <summary>How many bins a histogram has at most.</summary>
    public const int MaxBins = 10;

    /// <summary>The histogram of some values, with their own deciles as edges.</summary>
    public static BaselineHistogram Of(string name, ReadOnlySpan<double> values)
    {
        var sorted = values.ToArray().Where(value => !double.IsNaN(value)).ToArray();
        Array.Sort(sorted);
        var edges = ImmutableArray.CreateBuilder<double>(MaxBins - 1);
        for (var i = 1; i < MaxBins && sorted.Length > 0; i++)
        {
            var edge = sorted[(int)((long)i * (sorted.Length - 1) / MaxBins)];
            if ((edges.Count == 0 || edge > edges[^1]) && edge < sorted[^1])
            {
                edges.Add(edge);
            }
        }

        var empty = new BaselineHistogram(name, edges.ToImmutable(), [], values.Length - sorted.Length);
        var counts = new long[edges.Count + 1];
        foreach (var value in sorted)
        {
            counts[empty.BinOf(value)]++;
        }

        return empty with { Counts = [.. counts] };
    }

    /// <summary>The bin of a value that is not NaN.</summary>
    public int BinOf(double value)
    {
        var bin = 0;
        while (bin < Edges.Length && value > Edges[bin])
        {
            bin++;
        }

        return bin;
    }
}
