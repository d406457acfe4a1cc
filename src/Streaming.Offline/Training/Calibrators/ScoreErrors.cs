namespace Streaming.Offline.Training.Calibrators;

/// <summary>How far scores are from the probabilities that they stand for.</summary>
internal static class ScoreErrors
{
    /// <summary>Bins of a reliability diagram.</summary>
    public const int Bins = 20;

    /// <summary>The mean squared difference of score and label (Brier, 1950).</summary>
    public static double Brier(ReadOnlySpan<float> labels, ReadOnlySpan<double> scores)
    {
        var sum = 0.0;
        for (var row = 0; row < scores.Length; row++)
        {
            sum += (scores[row] - labels[row]) * (scores[row] - labels[row]);
        }

        return sum / scores.Length;
    }

    /// <summary>The expected calibration error: over the bins, by their rows, how far mean score and share of frauds are apart.</summary>
    public static double Expected(ReadOnlySpan<float> labels, ReadOnlySpan<double> scores)
    {
        var sum = 0.0;
        foreach (var (score, share, rows) in Reliability(labels, scores))
        {
            sum += rows * Math.Abs(score - share);
        }

        return sum / scores.Length;
    }

    /// <summary>
    /// Mean score and share of frauds of the rows in the order of their scores, in bins that hold twice fewer rows each towards the highest
    /// score: with rare frauds, equal bins would put nearly all of them into the last.
    /// </summary>
    public static List<(double Score, double Share, int Rows)> Reliability(ReadOnlySpan<float> labels, ReadOnlySpan<double> scores)
    {
        var (sorted, ordered) = (scores.ToArray(), labels.ToArray());
        Array.Sort(sorted, ordered);
        var bins = new List<(double, double, int)>();
        var first = 0;
        while (first < sorted.Length && bins.Count < Bins)
        {
            var left = sorted.Length - first;
            var rows = left < 50 || bins.Count == Bins - 1 ? left : left / 2;
            var (score, frauds) = (0.0, 0.0);
            for (var row = first; row < first + rows; row++)
            {
                (score, frauds) = (score + sorted[row], frauds + ordered[row]);
            }

            bins.Add((score / rows, frauds / rows, rows));
            first += rows;
        }

        return bins;
    }
}
