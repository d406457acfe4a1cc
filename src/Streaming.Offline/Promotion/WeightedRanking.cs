namespace Streaming.Offline.Promotion;

/// <summary>
/// Rows ranked by one score, once, so that the average precision of many samples of them costs one pass each. As
/// <see cref="Training.RankingMetrics.AveragePrecision"/> with each row as often as the sample has it.
/// </summary>
internal sealed class WeightedRanking
{
    private readonly int[] _order;
    private readonly bool[] _frauds;
    private readonly bool[] _endsGroup;

    public WeightedRanking(IReadOnlyList<PromotionRow> rows, Func<PromotionRow, double> score)
    {
        var scores = rows.Select(score).ToArray();
        _order = [.. Enumerable.Range(0, scores.Length).OrderByDescending(row => scores[row])];
        _frauds = [.. _order.Select(row => rows[row].IsFraud)];
        _endsGroup = [.. _order.Select((row, i) => i + 1 == _order.Length || scores[row] != scores[_order[i + 1]])];
    }

    /// <summary>The average precision; NaN where the sample has no fraud.</summary>
    /// <param name="weights">How often the sample has each row.</param>
    public double AveragePrecision(ReadOnlySpan<int> weights)
    {
        var (positives, seen, group, sum) = (0L, 0L, 0L, 0.0);
        for (var i = 0; i < _order.Length; i++)
        {
            var weight = weights[_order[i]];
            seen += weight;
            group += _frauds[i] ? weight : 0;
            if (_endsGroup[i] && group > 0)
            {
                positives += group;
                sum += group * ((double)positives / seen);
                group = 0;
            }
        }

        return sum / positives;
    }
}
