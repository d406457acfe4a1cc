using Streaming.Offline.Training.Calibrators;
using Streaming.Offline.Training.Learners;

namespace Streaming.Offline.Tests.Training.Calibrators;

public sealed class CalibratorsSpec
{
    [Fact]
    public void Isotonic_steps_agree_with_their_naive_twin_on_random_scores_with_ties()
    {
        var random = new Random(91);
        for (var round = 0; round < 200; round++)
        {
            var (labels, scores) = Random(random, random.Next(1, 60), distinct: random.Next(1, 40));
            var calibrator = new IsotonicCalibrator(labels, scores);
            var distinct = scores.Distinct().Order().ToArray();
            for (var i = 0; i < distinct.Length; i++)
            {
                Assert.Equal(Naive(labels, scores, distinct, i), calibrator.Apply(distinct[i]), 1e-9);
            }
        }
    }

    [Fact]
    public void A_score_between_two_steps_has_the_lower_ones_value_and_one_below_all_the_firsts()
    {
        var calibrator = new IsotonicCalibrator([0, 0, 1, 1], [0.2, 0.3, 0.6, 0.7]);
        Assert.Equal([0, 0, 0, 1, 1], ((double[])[0.1, 0.25, 0.5, 0.6, 0.9]).Select(calibrator.Apply));
    }

    [Fact]
    public void Platts_line_finds_the_odds_that_labels_were_drawn_by()
    {
        var random = new Random(92);
        double[] odds = [.. Enumerable.Range(0, 40_000).Select(_ => (random.NextDouble() * 8) - 5)];
        float[] labels = [.. odds.Select(x => random.NextDouble() < Logistic.Of((0.5 * x) - 1) ? 1f : 0f)];
        var calibrator = new PlattCalibrator(labels, [.. odds.Select(Logistic.Of)]);
        foreach (var x in (double[])[-4, -1, 0, 2])
        {
            Assert.Equal(Logistic.Of((0.5 * x) - 1), calibrator.Apply(Logistic.Of(x)), 0.02);
        }

        Assert.InRange(calibrator.Apply(0), 0, calibrator.Apply(1));
    }

    [Fact]
    public void Calibration_lowers_both_errors_of_scores_that_are_too_high()
    {
        var random = new Random(93);
        double[] truth = [.. Enumerable.Range(0, 20_000).Select(_ => random.NextDouble() * 0.3)];
        float[] labels = [.. truth.Select(p => random.NextDouble() < p ? 1f : 0f)];
        double[] scores = [.. truth.Select(Math.Sqrt)];
        foreach (var calibrator in (ICalibrator[])[new IsotonicCalibrator(labels, scores), new PlattCalibrator(labels, scores)])
        {
            var after = Array.ConvertAll(scores, calibrator.Apply);
            Assert.True(ScoreErrors.Brier(labels, after) < ScoreErrors.Brier(labels, scores));
            Assert.True(ScoreErrors.Expected(labels, after) < 0.1 * ScoreErrors.Expected(labels, scores));
        }
    }

    [Fact]
    public void The_errors_are_those_of_a_hand_computed_case()
    {
        Assert.Equal((0.04 + 0.25) / 2, ScoreErrors.Brier([0, 1], [0.2, 0.5]), 1e-12);
        Assert.Equal(Math.Abs(0.35 - 0.5), ScoreErrors.Expected([0, 1], [0.2, 0.5]), 1e-12);
    }

    [Fact]
    public void Each_row_is_in_one_bin_of_the_diagram()
    {
        var (labels, scores) = Random(new Random(94), 5_000, distinct: 900);
        Assert.Equal(5_000, ScoreErrors.Reliability(labels, scores).Sum(bin => bin.Rows));
    }

    private static (float[] Labels, double[] Scores) Random(Random random, int rows, int distinct) =>
        ([.. Enumerable.Range(0, rows).Select(_ => (float)random.Next(2))], [.. Enumerable.Range(0, rows).Select(_ => random.Next(distinct) / 40.0)]);

    // The min-max formula: the largest over all starts up to here of the least mean up to an end from here on.
    private static double Naive(float[] labels, double[] scores, double[] distinct, int at) =>
        Enumerable.Range(0, at + 1).Max(from => Enumerable.Range(at, distinct.Length - at).Min(to =>
            labels.Where((_, row) => scores[row] >= distinct[from] && scores[row] <= distinct[to]).Average(label => (double)label)));
}
