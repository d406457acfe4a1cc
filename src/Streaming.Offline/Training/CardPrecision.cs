namespace Streaming.Offline.Training;

/// <summary>
/// Card precision at k, as the Fraud Detection Handbook defines it (chapter 4): of the k cards that a day's scores put first, which an
/// investigator would look at, the share that had a fraud that day; cards found on an earlier day are no longer there.
/// </summary>
public static class CardPrecision
{
    private const long DayMillis = 86_400_000;

    /// <summary>
    /// The mean over days (UTC, those that have rows), each divided by <paramref name="k"/> whatever the number of cards. Equal scores
    /// are cut by the lower card first, so that the answer does not depend on the order of rows. NaN without rows.
    /// </summary>
    public static double AtK(
        ReadOnlySpan<long> cards, ReadOnlySpan<long> timesMillis, ReadOnlySpan<float> labels, ReadOnlySpan<double> scores, int k = 100)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k);
        ArgumentOutOfRangeException.ThrowIfNotEqual(timesMillis.Length, cards.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(labels.Length, cards.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(scores.Length, cards.Length);
        var detected = new HashSet<long>();
        var sum = 0.0;
        var days = RowsByDay(timesMillis);
        foreach (var rows in days.Values)
        {
            sum += Day(rows, cards, labels, scores, k, detected) / (double)k;
        }

        return sum / days.Count;
    }

    private static SortedDictionary<long, List<int>> RowsByDay(ReadOnlySpan<long> timesMillis)
    {
        var days = new SortedDictionary<long, List<int>>();
        for (var row = 0; row < timesMillis.Length; row++)
        {
            var day = Math.DivRem(timesMillis[row], DayMillis, out var rest) - (rest < 0 ? 1 : 0);
            if (!days.TryGetValue(day, out var rows))
            {
                days[day] = rows = [];
            }

            rows.Add(row);
        }

        return days;
    }

    private static int Day(
        List<int> rows, ReadOnlySpan<long> cards, ReadOnlySpan<float> labels, ReadOnlySpan<double> scores, int k, HashSet<long> detected)
    {
        // Highest score and highest label of a card may come from two rows, as published.
        var best = new Dictionary<long, (double Score, bool Fraud)>();
        foreach (var row in rows)
        {
            if (!detected.Contains(cards[row]))
            {
                var seen = best.TryGetValue(cards[row], out var value) ? value : (double.NegativeInfinity, false);
                best[cards[row]] = (Math.Max(seen.Item1, scores[row]), seen.Item2 || labels[row] > 0.5f);
            }
        }

        var found = 0;
        foreach (var (card, (_, fraud)) in best.OrderByDescending(card => card.Value.Score).ThenBy(card => card.Key).Take(k))
        {
            if (fraud)
            {
                found++;
                detected.Add(card);
            }
        }

        return found;
    }
}
