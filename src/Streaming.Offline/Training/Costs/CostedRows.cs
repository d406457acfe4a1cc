namespace Streaming.Offline.Training.Costs;

/// <summary>Rows with their scores and what each costs if it is a fraud and approved; equal scores stand together.</summary>
public sealed class CostedRows
{
    private readonly List<(double Score, int Frauds, int Others, double Missed)> _groups = [];

    /// <param name="labels">1 or 0 a row.</param>
    /// <param name="scores">A score a row.</param>
    /// <param name="missed">What each row costs if it is a fraud that is approved.</param>
    public CostedRows(ReadOnlySpan<float> labels, ReadOnlySpan<double> scores, ReadOnlySpan<double> missed)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(scores.Length, labels.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(missed.Length, labels.Length);
        var (sorted, order) = (scores.ToArray(), new int[scores.Length]);
        for (var row = 0; row < order.Length; row++)
        {
            order[row] = row;
        }

        Array.Sort(sorted, order);
        for (var last = sorted.Length - 1; last >= 0;)
        {
            var (frauds, cost, next) = (0, 0.0, last);
            for (; next >= 0 && sorted[next] == sorted[last]; next--)
            {
                var isFraud = labels[order[next]] > 0.5f;
                (frauds, cost) = isFraud ? (frauds + 1, cost + missed[order[next]]) : (frauds, cost);
            }

            _groups.Add((sorted[last], frauds, last - next - frauds, cost));
            last = next;
        }
    }

    /// <summary>Groups of equal scores from the highest down: how many frauds, how many others, and what the frauds would cost.</summary>
    public IReadOnlyList<(double Score, int Frauds, int Others, double Missed)> FromTheTop() => _groups;

    /// <summary>What the frauds below a score cost if they are approved.</summary>
    public double MissedBelow(double score) => _groups.Where(group => group.Score < score).Sum(group => group.Missed);
}
