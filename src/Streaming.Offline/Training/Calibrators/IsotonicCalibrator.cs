namespace Streaming.Offline.Training.Calibrators;

/// <summary>
/// The ascending function of the score with the least squared error, by pooling adjacent violators (Ayer and others, 1955): steps, each
/// from its lowest score to the next step's. A score below all has the first step's value.
/// </summary>
internal sealed class IsotonicCalibrator : ICalibrator
{
    private readonly double[] _from;
    private readonly double[] _values;

    /// <param name="labels">1 or 0 a row.</param>
    /// <param name="scores">A score a row.</param>
    public IsotonicCalibrator(ReadOnlySpan<float> labels, ReadOnlySpan<double> scores)
    {
        ArgumentOutOfRangeException.ThrowIfZero(scores.Length);
        var (sorted, ordered) = (scores.ToArray(), labels.ToArray());
        Array.Sort(sorted, ordered);
        var steps = new List<(double From, double Sum, int Count)>();
        for (var first = 0; first < sorted.Length;)
        {
            // Equal scores have one value.
            var (sum, next) = (0.0, first);
            for (; next < sorted.Length && sorted[next] == sorted[first]; next++)
            {
                sum += ordered[next];
            }

            steps.Add((sorted[first], sum, next - first));
            Pool(steps);
            first = next;
        }

        _from = [.. steps.Select(step => step.From)];
        _values = [.. steps.Select(step => step.Sum / step.Count)];
    }

    /// <inheritdoc/>
    public (double Slope, double Intercept)? Line => null;

    /// <inheritdoc/>
    public double Apply(double score)
    {
        var at = Array.BinarySearch(_from, score);
        return _values[Math.Max(0, at >= 0 ? at : ~at - 1)];
    }

    private static void Pool(List<(double From, double Sum, int Count)> steps)
    {
        while (steps.Count > 1 && steps[^2].Sum * steps[^1].Count >= steps[^1].Sum * steps[^2].Count)
        {
            var (from, sum, count) = steps[^2];
            var last = steps[^1];
            steps.RemoveRange(steps.Count - 2, 2);
            steps.Add((from, sum + last.Sum, count + last.Count));
        }
    }
}
