namespace Streaming.Offline.Training.Reports;

/// <summary>Curves of labels and scores, with as many points as a plot can show.</summary>
internal static class CurvePoints
{
    private const double Step = 1.0 / 250;

    /// <summary>The share of others that are found wrongly, and of frauds that are found.</summary>
    public static List<(double X, double Y)> Roc(float[] labels, double[] scores) =>
        Of(labels, scores, (frauds, others, allFrauds, allOthers) => (others / allOthers, frauds / allFrauds));

    /// <summary>The share of frauds that are found, and of frauds among what is found.</summary>
    public static List<(double X, double Y)> PrecisionRecall(float[] labels, double[] scores) =>
        Of(labels, scores, (frauds, others, allFrauds, _) => (frauds / allFrauds, frauds / (frauds + others)));

    /// <summary>The share of all rows, and of the frauds that are among them.</summary>
    public static List<(double X, double Y)> Gain(float[] labels, double[] scores) =>
        Of(labels, scores, (frauds, others, allFrauds, allOthers) => ((frauds + others) / (allFrauds + allOthers), frauds / allFrauds));

    /// <summary>The share of all rows, and how many times more frauds are among them than among as many by lot.</summary>
    public static List<(double X, double Y)> Lift(float[] labels, double[] scores) =>
        [.. Gain(labels, scores).Where(point => point.X > 0).Select(point => (point.X, point.Y / point.X))];

    /// <summary>Leaves out points that are nearer to the one before than a plot shows; the last stays.</summary>
    public static List<(double X, double Y)> Thin(IReadOnlyList<(double X, double Y)> points, double width, double height)
    {
        var kept = new List<(double X, double Y)>();
        for (var i = 0; i < points.Count; i++)
        {
            if (kept.Count == 0 || i == points.Count - 1
                || (Math.Abs(points[i].X - kept[^1].X) / width) + (Math.Abs(points[i].Y - kept[^1].Y) / height) >= Step)
            {
                kept.Add(points[i]);
            }
        }

        return kept;
    }

    private static List<(double X, double Y)> Of(
        float[] labels, double[] scores, Func<double, double, double, double, (double X, double Y)> at)
    {
        var (sorted, ordered) = ((double[])scores.Clone(), (float[])labels.Clone());
        Array.Sort(sorted, ordered);
        var allFrauds = (double)ordered.Count(label => label > 0.5f);
        var allOthers = ordered.Length - allFrauds;
        var (frauds, others) = (0.0, 0.0);
        var points = new List<(double X, double Y)>();
        for (var row = sorted.Length - 1; row >= 0; row--)
        {
            (frauds, others) = ordered[row] > 0.5f ? (frauds + 1, others) : (frauds, others + 1);
            if (row == 0 || sorted[row - 1] != sorted[row])
            {
                points.Add(at(frauds, others, allFrauds, allOthers));
            }
        }

        return Thin(points, 1, 1);
    }
}
