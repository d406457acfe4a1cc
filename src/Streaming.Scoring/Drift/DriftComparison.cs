namespace Streaming.Scoring.Drift;

/// <summary>Compares the counts of a window with a baseline.</summary>
public static class DriftComparison
{
    /// <summary>The definition of the numbers, for reports.</summary>
    public static string Definition { get; } =
        "PSI = sum (c - r) ln(c / r) over deciles of training (or its values, where they are few) and one cell for what lies outside; "
        + "empty cells 1e-6, renormalised. JS = Jensen-Shannon distance, base 2. KS and Wasserstein over the same cells, Wasserstein in "
        + "standard deviations. Drift: PSI above 0.1 (moderate) or 0.25 (significant), and above the bound of training's own chunks.";

    /// <summary>Compares.</summary>
    /// <param name="baseline">The distribution in training.</param>
    /// <param name="counts">Rows of each of the baseline's <see cref="BaselineHistogram.Cells"/>.</param>
    public static DriftFinding Of(BaselineHistogram baseline, ReadOnlySpan<long> counts)
    {
        ArgumentNullException.ThrowIfNull(baseline);
        ArgumentOutOfRangeException.ThrowIfNotEqual(counts.Length, baseline.Cells);
        var (reference, current) = Ordered(baseline, counts);
        var missing = counts[baseline.MissingCell];
        var outside = counts[baseline.BelowCell] + counts[baseline.AboveCell];
        var present = (long)current.Sum();
        var rows = present + missing;
        var psi = DriftMeasures.PopulationStability(OneOutside(reference), OneOutside(current));
        var bound = DriftBound.Of(baseline, present);
        var missingPsi = MissingPsi(baseline, present, missing);
        return new(
            baseline.Name,
            rows,
            psi,
            bound,
            DriftMeasures.JensenShannon(OneOutside(reference), OneOutside(current)),
            baseline.IsCategorical ? double.NaN : DriftMeasures.KolmogorovSmirnov(reference, current),
            Wasserstein(baseline, reference, current),
            outside / (double)present,
            missing / (double)rows,
            baseline.Missing / (double)(baseline.Missing + baseline.Present),
            missingPsi,
            Level(baseline, rows, psi, bound, missingPsi));
    }

    private static DriftLevel Level(BaselineHistogram baseline, long rows, double psi, double bound, double missingPsi)
    {
        if (rows < DriftBound.RowsMin)
        {
            return DriftLevel.TooFewRows;
        }

        var missingBound = DriftBound.Sampling(2, rows, baseline.Missing + baseline.Present);
        var (values, absence) = (Level(psi, bound), Level(missingPsi, missingBound));
        return values > absence ? values : absence;
    }

    private static DriftLevel Level(double psi, double bound) =>
        psi > Math.Max(DriftBound.Significant, bound) ? DriftLevel.Significant
        : psi > Math.Max(DriftBound.Moderate, bound) ? DriftLevel.Moderate
        : DriftLevel.None;

    private static double MissingPsi(BaselineHistogram baseline, long present, long missing) =>
        DriftMeasures.PopulationStability([baseline.Present, baseline.Missing], [present, missing]);

    // In ascending order: below, the bins, above.
    private static (double[] Reference, double[] Current) Ordered(BaselineHistogram baseline, ReadOnlySpan<long> counts)
    {
        var bins = baseline.Counts.Length;
        var (reference, current) = (new double[bins + 2], new double[bins + 2]);
        for (var bin = 0; bin < bins; bin++)
        {
            (reference[bin + 1], current[bin + 1]) = (baseline.Counts[bin], counts[bin]);
        }

        (current[0], current[^1]) = (counts[baseline.BelowCell], counts[baseline.AboveCell]);
        return (reference, current);
    }

    private static double[] OneOutside(double[] ordered) => [.. ordered[1..^1], ordered[0] + ordered[^1]];

    private static double Wasserstein(BaselineHistogram baseline, double[] reference, double[] current)
    {
        if (baseline is not { IsCategorical: false, Min: { } min, Max: { } max, Deviation: > 0 })
        {
            return double.NaN;
        }

        // How far outside a value lies is not known: it counts as if it lay at the end of training's range.
        double[] edges = [min, min, .. baseline.Edges, max, max];
        return DriftMeasures.Wasserstein(reference, current, edges) / baseline.Deviation.Value;
    }
}
