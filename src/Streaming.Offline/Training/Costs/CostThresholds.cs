namespace Streaming.Offline.Training.Costs;

/// <summary>
/// The thresholds at which decisions cost the least on some rows. A fraud that is approved costs what it costs, a good one that is
/// declined a false alarm, a row from the first threshold up to the second a review, which finds out what it is.
/// </summary>
/// <param name="Review">The score from which on rows are reviewed; infinite for never.</param>
/// <param name="Decline">The score from which on they are declined; infinite for never.</param>
/// <param name="Cost">What all decisions cost.</param>
public sealed record CostThresholds(double Review, double Decline, double Cost)
{
    /// <summary>Finds them. Of equally good ones those that approve the most, then decline the least.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="falseAlarm">The cost of a good one that is declined.</param>
    /// <param name="review">The cost of a review.</param>
    public static CostThresholds Best(CostedRows rows, double falseAlarm, double review)
    {
        ArgumentNullException.ThrowIfNull(rows);
        // From the highest score down. With everything from a row on declined or reviewed, the cost is the frauds below the review
        // threshold, the reviews, and the good ones above the decline threshold: a sum of two parts, one of each threshold.
        var best = new CostThresholds(double.PositiveInfinity, double.PositiveInfinity, rows.MissedBelow(double.PositiveInfinity));
        var (declineAt, declinePart) = (double.PositiveInfinity, 0.0);
        var (missed, goods, seen) = (best.Cost, 0.0, 0);
        foreach (var (score, frauds, others, missedHere) in rows.FromTheTop())
        {
            (missed, goods, seen) = (missed - missedHere, goods + others, seen + frauds + others);
            var part = (falseAlarm * goods) - (review * seen);
            if (part < declinePart)
            {
                (declineAt, declinePart) = (score, part);
            }

            var cost = missed + (review * seen) + declinePart;
            if (cost < best.Cost)
            {
                best = new CostThresholds(score, declineAt, cost);
            }
        }

        return best;
    }

    /// <summary>What these thresholds cost on other rows.</summary>
    public double CostOf(CostedRows rows, double falseAlarm, double review)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var cost = rows.MissedBelow(Review);
        foreach (var (score, frauds, others, _) in rows.FromTheTop())
        {
            cost += score >= Decline ? falseAlarm * others : score >= Review ? review * (frauds + others) : 0;
        }

        return cost;
    }
}
