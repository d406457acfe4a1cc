namespace Streaming.Offline.Training.Costs;

/// <summary>What it costs to decline, or to review, everything from a score on.</summary>
/// <param name="Score">The threshold.</param>
/// <param name="Declined">The cost where all from it on is declined and the rest approved.</param>
/// <param name="Reviewed">The cost where all from it on is reviewed and the rest approved.</param>
public readonly record struct CostCurve(double Score, double Declined, double Reviewed)
{
    /// <summary>The curve at every score, from the highest down.</summary>
    public static List<CostCurve> Of(CostedRows rows, double falseAlarm, double review)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var (missed, goods, seen) = (rows.MissedBelow(double.PositiveInfinity), 0.0, 0.0);
        var curve = new List<CostCurve>();
        foreach (var (score, frauds, others, missedHere) in rows.FromTheTop())
        {
            (missed, goods, seen) = (missed - missedHere, goods + others, seen + frauds + others);
            curve.Add(new(score, missed + (falseAlarm * goods), missed + (review * seen)));
        }

        return curve;
    }
}
