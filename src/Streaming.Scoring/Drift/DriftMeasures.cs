namespace Streaming.Scoring.Drift;

/// <summary>
/// Distances between two distributions over the same cells. Other tools give other numbers under the same names: these are the
/// definitions behind ours. Shares are of any positive total.
/// </summary>
public static class DriftMeasures
{
    /// <summary>What a cell without rows has as its share, before all are brought to a total of 1 again.</summary>
    public const double Epsilon = 1e-6;

    /// <summary>
    /// The population stability index: the sum of (c - r) ln(c / r) over the cells, with empty ones raised to <see cref="Epsilon"/>. 0 for
    /// equal distributions, without an upper limit; NaN where one has no rows.
    /// </summary>
    public static double PopulationStability(ReadOnlySpan<double> reference, ReadOnlySpan<double> current)
    {
        var (r, c) = (Positive(reference), Positive(current));
        var sum = 0.0;
        for (var cell = 0; cell < r.Length; cell++)
        {
            sum += (c[cell] - r[cell]) * Math.Log(c[cell] / r[cell]);
        }

        return sum;
    }

    /// <summary>
    /// The Jensen-Shannon distance: the square root of the divergence with logarithms to the base 2. From 0 to 1, where 1 means no cell
    /// in common; NaN where one has no rows.
    /// </summary>
    public static double JensenShannon(ReadOnlySpan<double> reference, ReadOnlySpan<double> current)
    {
        var (r, c) = (Shares(reference), Shares(current));
        var sum = 0.0;
        for (var cell = 0; cell < r.Length; cell++)
        {
            var middle = (r[cell] + c[cell]) / 2;
            sum += Part(r[cell], middle) + Part(c[cell], middle);
        }

        return Math.Sqrt(Math.Clamp(sum / 2, 0, 1));

        static double Part(double share, double middle) => share > 0 ? share * Math.Log2(share / middle) : 0;
    }

    /// <summary>
    /// The Kolmogorov-Smirnov statistic over cells in ascending order: the greatest difference of cumulated shares, 0 to 1.
    /// </summary>
    public static double KolmogorovSmirnov(ReadOnlySpan<double> reference, ReadOnlySpan<double> current)
    {
        var (r, c) = (Shares(reference), Shares(current));
        var (difference, greatest) = (0.0, 0.0);
        for (var cell = 0; cell < r.Length; cell++)
        {
            difference += c[cell] - r[cell];
            greatest = Math.Max(greatest, Math.Abs(difference));
        }

        return double.IsNaN(difference) ? double.NaN : greatest;
    }

    /// <summary>
    /// The first Wasserstein distance, in the feature's unit: the area between the cumulated shares, with the rows of a cell spread evenly
    /// from its lower to its upper edge.
    /// </summary>
    /// <param name="reference">Shares of the cells, in ascending order.</param>
    /// <param name="current">Shares of the same cells.</param>
    /// <param name="edges">The cells' edges, one more than cells; equal ones for a single value.</param>
    public static double Wasserstein(ReadOnlySpan<double> reference, ReadOnlySpan<double> current, ReadOnlySpan<double> edges)
    {
        var (r, c) = (Shares(reference), Shares(current));
        var (area, before) = (0.0, 0.0);
        for (var cell = 0; cell < r.Length; cell++)
        {
            var after = before + c[cell] - r[cell];
            area += (edges[cell + 1] - edges[cell]) * MeanOfAbsolute(before, after);
            before = after;
        }

        return area;
    }

    // Of a line from one value to another: it may cross zero.
    private static double MeanOfAbsolute(double from, double to)
    {
        var (a, b) = (Math.Abs(from), Math.Abs(to));
        return from * to >= 0 ? (a + b) / 2 : ((a * a) + (b * b)) / (2 * (a + b));
    }

    private static double[] Shares(ReadOnlySpan<double> cells)
    {
        var total = 0.0;
        foreach (var cell in cells)
        {
            total += cell;
        }

        var shares = new double[cells.Length];
        for (var cell = 0; cell < shares.Length; cell++)
        {
            shares[cell] = cells[cell] / total;
        }

        return shares;
    }

    private static double[] Positive(ReadOnlySpan<double> cells)
    {
        var shares = Shares(cells);
        for (var cell = 0; cell < shares.Length; cell++)
        {
            if (shares[cell] == 0)
            {
                shares[cell] = Epsilon;
            }
        }

        return Shares(shares);
    }
}
