using System.Collections.Immutable;

namespace Streaming.Scoring.Drift;

/// <summary>
/// How a feature or the score was distributed in training; drift is measured against it. Of a feature with many values, bin i counts
/// values v with edge(i-1) &lt; v &lt;= edge(i); the first bin has no lower and the last no upper edge, so there is one bin more than
/// edges. Of one with few values (<see cref="IsCategorical"/>) the edges are these values, and each has its bin.
/// </summary>
/// <param name="Name">The feature's name, or <c>score</c>.</param>
/// <param name="Edges">Ascending and distinct: deciles of training, fewer where values repeat; or the values.</param>
/// <param name="Counts">Rows of each bin.</param>
/// <param name="Missing">Rows whose value is NaN.</param>
public sealed record BaselineHistogram(string Name, ImmutableArray<double> Edges, ImmutableArray<long> Counts, long Missing)
{
    /// <summary>The name of the score's histogram, which is the last.</summary>
    public const string Score = "score";

    /// <summary>How many bins a histogram of many values has at most.</summary>
    public const int MaxBins = 10;

    /// <summary>How many values a feature has at most to be compared value by value.</summary>
    public const int MaxCategories = 20;

    /// <summary>Whether the edges are values, each with its own bin.</summary>
    public bool IsCategorical { get; init; }

    /// <summary>The least value in training; null where there was none, and in files of versions before 0.15.</summary>
    public double? Min { get; init; }

    /// <summary>The greatest value in training.</summary>
    public double? Max { get; init; }

    /// <summary>The standard deviation in training (population); null where there was no value.</summary>
    public double? Deviation { get; init; }

    /// <summary>How far the chunks of training differ from the whole of it; null where there were too few rows.</summary>
    public BaselineNoise? Noise { get; init; }

    /// <summary>Rows that have a value.</summary>
    public long Present => Counts.Sum();

    /// <summary>
    /// Cells of a comparison: the bins, then what lies below all of training, what lies above it (or is a value that training has not),
    /// and what is missing.
    /// </summary>
    public int Cells => Counts.Length + 3;

    /// <summary>The cell of values below all of training.</summary>
    public int BelowCell => Counts.Length;

    /// <summary>The cell of values above all of training, or that are none of its categories.</summary>
    public int AboveCell => Counts.Length + 1;

    /// <summary>The cell of missing values.</summary>
    public int MissingCell => Counts.Length + 2;

    /// <summary>The cell that a value is counted in.</summary>
    public int CellOf(double value)
    {
        if (double.IsNaN(value))
        {
            return MissingCell;
        }

        if (IsCategorical)
        {
            var at = Edges.BinarySearch(value);
            return at < 0 ? AboveCell : at;
        }

        return value < Min ? BelowCell : value > Max ? AboveCell : BinOf(value);
    }

    private int BinOf(double value)
    {
        var at = Edges.BinarySearch(value);
        return at < 0 ? ~at : at;
    }
}
