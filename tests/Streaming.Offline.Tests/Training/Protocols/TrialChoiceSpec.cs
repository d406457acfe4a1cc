using Streaming.Offline.Training.Protocols;

namespace Streaming.Offline.Tests.Training.Protocols;

public sealed class TrialChoiceSpec
{
    // The best is 0.70; its folds 0.68, 0.70, 0.72 have the standard error 0.0115.
    private static readonly TrialPoint s_best = Point(400, 8, 0.1, 0.68, 0.70, 0.72);

    [Fact]
    public void The_best_is_the_best() => Assert.Same(s_best, Choose(ChoiceRule.Best, Point(40, 8, 0.1, 0.69), s_best, Point(500, 8, 0.1, 0.69)));

    [Fact]
    public void Of_those_within_one_standard_error_the_simplest_is_taken()
    {
        var (near, far) = (Point(80, 8, 0.1, 0.689), Point(40, 8, 0.1, 0.688));
        Assert.Same(near, Choose(ChoiceRule.OneStandardError, s_best, far, Point(120, 8, 0.1, 0.699), near));
    }

    [Fact]
    public void The_best_is_taken_where_all_simpler_ones_are_further_away() =>
        Assert.Same(s_best, Choose(ChoiceRule.OneStandardError, Point(360, 8, 0.1, 0.688), s_best, Point(480, 8, 0.1, 0.699)));

    [Theory]
    [InlineData(100, 4, 0.1, 60, 8, 0.1, true)]
    [InlineData(100, 8, 0.05, 60, 8, 0.1, true)]
    [InlineData(100, 8, 0.05, 40, 8, 0.1, false)]
    [InlineData(150, 4, 0.1, 60, 8, 0.1, false)]
    public void Fewer_rounds_smaller_trees_and_a_lower_rate_are_simpler(
        int rounds, int leaves, double rate, int otherRounds, int otherLeaves, double otherRate, bool isSimpler)
    {
        var (first, second) = (Point(rounds, leaves, rate, 0.699), Point(otherRounds, otherLeaves, otherRate, 0.695));
        Assert.Same(isSimpler ? first : second, Choose(ChoiceRule.OneStandardError, s_best, first, second));
    }

    [Fact]
    public void Of_equally_simple_ones_the_more_regularised_is_taken_then_the_better()
    {
        TrialPoint With(TrialPoint point, double l2) => point with { Parameters = point.Parameters.Add(new("lambda_l2", l2)) };
        var (weak, strong, better) = (With(Point(60, 8, 0.1, 0.699), 1), With(Point(60, 8, 0.1, 0.695), 10), With(Point(120, 8, 0.05, 0.697), 10));
        Assert.Same(better, Choose(ChoiceRule.OneStandardError, s_best, weak, strong, better));
    }

    [Fact]
    public void A_depth_bounds_the_leaves() =>
        Assert.Equal(7 * 6, TrialChoice.Complexity(Point(60, 31, 0.1, 0.7) with { Parameters = [new("num_leaves", 31), new("learning_rate", 0.1), new("max_depth", 3)] }, LearnerKind.LightGbm), 6);

    [Fact]
    public void Of_logistic_regressions_the_most_regularised_is_simplest()
    {
        TrialPoint Regression(double l2, params double[] folds) => Point(1, 2, 0.1, folds) with { Parameters = [new("l2", l2)] };
        TrialPoint[] points = [Regression(0.1, 0.68, 0.70, 0.72), Regression(10, 0.69, 0.69, 0.69), Regression(100, 0.6)];
        Assert.Same(points[1], TrialChoice.Of(points, LearnerKind.LogisticRegression, ChosenMetric.AveragePrecision, ChoiceRule.OneStandardError));
    }

    [Fact]
    public void The_standard_error_is_that_of_a_hand_computed_case()
    {
        // Mean 2, squares 1 + 0 + 1; 2 / (3 - 1) / 3.
        Assert.Equal(Math.Sqrt(1 / 3.0), TrialChoice.StandardError([1, 2, 3]), 1e-12);
        Assert.Equal(0, TrialChoice.StandardError([5]));
    }

    [Fact]
    public void A_protocol_chooses_by_the_rule_that_it_declares_for_each_metric()
    {
        var text = Protocols.Text.Replace("choose-by = average_precision", "choose-by = average_precision, choose = one-standard-error", StringComparison.Ordinal);
        var protocol = Protocols.Small(text);
        Assert.Equal(ChoiceRule.OneStandardError, protocol.Search.Choose);
        var result = ProtocolRun.Run(protocol, protocol.Candidates[1], Rows.Random(seed: 71, rows: 8_000), true, _ => { }, CancellationToken.None);
        Assert.All(result.Tried, point => Assert.Equal(point.Validation, MetricSummary.Mean([.. point.Folds])));
        Assert.All(result.ByMetric, choice => Assert.Same(TrialChoice.Of(result.Tried, LearnerKind.LightGbm, choice.Metric, ChoiceRule.OneStandardError), choice.Chosen));
        Assert.Contains(result.ByMetric, choice => choice.Chosen != TrialChoice.Best(result.Tried, choice.Metric));
        Assert.Equal(result.Chosen, result.ByMetric[1].Chosen);
        var own = Protocols.Small(text.Replace("boosters = [2] }", "boosters = [2] }, choose = best", StringComparison.Ordinal)).Candidates[1];
        Assert.Equal((null, ChoiceRule.Best), (protocol.Candidates[1].Choose, own.Choose));
    }

    private static TrialPoint Choose(ChoiceRule rule, params TrialPoint[] points) =>
        TrialChoice.Of(points, LearnerKind.LightGbm, ChosenMetric.AveragePrecision, rule);

    private static TrialPoint Point(int rounds, int leaves, double rate, params double[] folds) => new(
        [new("num_leaves", leaves), new("learning_rate", rate)], rounds, new MetricSummary(0.5, folds.Average(), null))
    {
        Folds = [.. folds.Select(fold => new MetricSummary(0.5, fold, null))],
    };
}
