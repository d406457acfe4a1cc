namespace Streaming.Offline.Training.Protocols;

/// <summary>
/// Which of the points that were tried is taken: the best, or by the one-standard-error rule the simplest of those that can hardly be told
/// from the best (Breiman, Friedman, Olshen, Stone: Classification and Regression Trees, 1984, 3.4.3; Hastie, Tibshirani, Friedman: The
/// Elements of Statistical Learning, 2nd edition, 7.10.1).
/// </summary>
internal static class TrialChoice
{
    /// <summary>Chooses.</summary>
    /// <param name="points">What was tried.</param>
    /// <param name="learner">The method, which says what is simple.</param>
    /// <param name="metric">The figure.</param>
    /// <param name="rule">The rule.</param>
    public static TrialPoint Of(IReadOnlyCollection<TrialPoint> points, LearnerKind learner, ChosenMetric metric, ChoiceRule rule)
    {
        var best = Best(points, metric);
        if (rule == ChoiceRule.Best)
        {
            return best;
        }

        var bound = best.Validation.By(metric) - StandardError([.. best.Folds.Select(fold => fold.By(metric))]);
        return points.Where(point => point.Validation.By(metric) >= bound)
            .OrderBy(point => Complexity(point, learner))
            .ThenByDescending(point => Value(point, "lambda_l2", 0))
            .ThenByDescending(point => Value(point, "min_data_in_leaf", 0))
            .ThenByDescending(point => point.Validation.By(metric))
            .First();
    }

    /// <summary>The best in a figure; of equal ones the first.</summary>
    public static TrialPoint Best(IEnumerable<TrialPoint> points, ChosenMetric metric) =>
        points.MaxBy(point => point.Validation.By(metric))!;

    /// <summary>The standard error of a mean: the sample's deviation, divided by the root of its size; 0 of a single value.</summary>
    public static double StandardError(IReadOnlyCollection<double> values)
    {
        var mean = values.Average();
        return values.Count < 2
            ? 0
            : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1) / values.Count);
    }

    /// <summary>
    /// How much was fitted. Of boosted trees: rounds times splits of a tree times the rate, for half the rate needs about twice the
    /// rounds (Hastie and others, 10.12.1); boosters that are averaged do not add to it. Of logistic regression: 1 / l2.
    /// </summary>
    public static double Complexity(TrialPoint point, LearnerKind learner)
    {
        if (learner == LearnerKind.LogisticRegression)
        {
            return 1 / Value(point, "l2", 1);
        }

        var standard = new BoostingOptions();
        var depth = Value(point, "max_depth", standard.MaxDepth);
        var leaves = Math.Min(Value(point, "num_leaves", standard.NumLeaves), depth == 0 ? double.MaxValue : Math.Pow(2, depth));
        // In whole millionths: 0.1 * 3 and 0.3 are the same.
        return Math.Round(point.Rounds * (leaves - 1) * Value(point, "learning_rate", standard.LearningRate), 6);
    }

    private static double Value(TrialPoint point, string name, double standard) =>
        point.Parameters.Where(pair => pair.Key == name).Select(pair => pair.Value).DefaultIfEmpty(standard).First();
}
