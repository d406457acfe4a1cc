namespace Streaming.Offline.Training;

/// <summary>How well scores rank frauds above the rest. Labels are 1 or 0; scores must not be NaN.</summary>
public static class RankingMetrics
{
    /// <summary>
    /// Area under the ROC curve: the probability that a random fraud scores above a random other row, ties counting half (the Mann-Whitney
    /// statistic). NaN where a class is missing.
    /// </summary>
    public static double AucRoc(ReadOnlySpan<float> labels, ReadOnlySpan<double> scores)
    {
        var ranked = Ranked(labels, scores);
        var (positives, negatives, wins) = (0.0, 0.0, 0.0);
        for (var first = 0; first < ranked.Length;)
        {
            // From the highest score down; a group of equal scores at once.
            var (fraud, other, next) = Group(ranked, first);
            wins += other * (positives + (fraud / 2));
            (positives, negatives, first) = (positives + fraud, negatives + other, next);
        }

        return wins / (positives * negatives);
    }

    /// <summary>
    /// Average precision: the sum over distinct scores, from high to low, of the step in recall times the precision there, without
    /// interpolation. NaN where there is no fraud.
    /// </summary>
    public static double AveragePrecision(ReadOnlySpan<float> labels, ReadOnlySpan<double> scores)
    {
        var ranked = Ranked(labels, scores);
        var (positives, rows, sum) = (0.0, 0.0, 0.0);
        for (var first = 0; first < ranked.Length;)
        {
            var (fraud, other, next) = Group(ranked, first);
            (positives, rows, first) = (positives + fraud, rows + fraud + other, next);
            sum += fraud * positives / rows;
        }

        return sum / positives;
    }

    private static (double Fraud, double Other, int Next) Group((double Score, bool Fraud)[] ranked, int first)
    {
        var (fraud, next) = (0, first);
        for (; next < ranked.Length && ranked[next].Score == ranked[first].Score; next++)
        {
            fraud += ranked[next].Fraud ? 1 : 0;
        }

        return (fraud, next - first - fraud, next);
    }

    private static (double Score, bool Fraud)[] Ranked(ReadOnlySpan<float> labels, ReadOnlySpan<double> scores)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(scores.Length, labels.Length);
        var ranked = new (double Score, bool Fraud)[labels.Length];
        for (var i = 0; i < ranked.Length; i++)
        {
            if (double.IsNaN(scores[i]))
            {
                throw new ArgumentException($"score {i} is NaN, which has no rank", nameof(scores));
            }

            ranked[i] = (scores[i], labels[i] > 0.5f);
        }

        Array.Sort(ranked, static (a, b) => b.Score.CompareTo(a.Score));
        return ranked;
    }
}
