namespace Streaming.Scoring.Drift;

/// <summary>
/// How large a population stability index is without drift. Rows drawn from the reference itself have an index of about
/// chi-squared / rows, so that a small window is above any fixed threshold by chance alone.
/// </summary>
public static class DriftBound
{
    /// <summary>Above this, a distribution has moved somewhat. The usual threshold, of credit scoring.</summary>
    public const double Moderate = 0.1;

    /// <summary>Above this, it has moved much.</summary>
    public const double Significant = 0.25;

    /// <summary>Fewer rows are not judged: an empty bin alone would decide.</summary>
    public const int RowsMin = 200;

    // The standard normal's quantile at 1 - 1e-6: a false alarm in a million features.
    private const double NormalQuantile = 4.7534;

    /// <summary>The index that sampling alone stays below, but for one case in a million.</summary>
    /// <param name="cells">Cells that are compared.</param>
    /// <param name="rows">Rows of the window.</param>
    /// <param name="referenceRows">Rows of the reference.</param>
    public static double Sampling(int cells, double rows, double referenceRows) =>
        ChiSquaredQuantile(Math.Max(1, cells - 1)) * ((1 / rows) + (1 / referenceRows));

    /// <summary>
    /// The bound for a window: mean and three standard deviations of the baseline's own chunks, and what a window with fewer rows than a
    /// chunk has more of sampling; sampling alone where the baseline has no chunks.
    /// </summary>
    public static double Of(BaselineHistogram baseline, double rows)
    {
        ArgumentNullException.ThrowIfNull(baseline);
        var (cells, present) = (baseline.Counts.Length + 1, baseline.Present);
        var sampling = Sampling(cells, rows, present);
        return baseline.Noise is { } noise
            ? noise.PsiMean + (3 * noise.PsiDeviation) + Math.Max(0, sampling - Sampling(cells, noise.Rows, present))
            : sampling;
    }

    // Wilson and Hilferty 1931: the cube root of chi-squared / k is nearly normal.
    private static double ChiSquaredQuantile(int degrees)
    {
        var variance = 2 / (9.0 * degrees);
        var root = 1 - variance + (NormalQuantile * Math.Sqrt(variance));
        return degrees * root * root * root;
    }
}
