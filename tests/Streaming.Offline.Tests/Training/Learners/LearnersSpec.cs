using Streaming.Offline.Training;
using Streaming.Offline.Training.Learners;

namespace Streaming.Offline.Tests.Training.Learners;

public sealed class LearnersSpec
{
    private static readonly BoostingOptions s_options = new() { NumLeaves = 6, LearningRate = 0.2, Rounds = 12, MinDataInLeaf = 20, NumThreads = 1 };

    [Theory]
    [InlineData(0.01)]
    [InlineData(3)]
    public void Logistic_regression_agrees_with_plain_gradient_descent(double l2)
    {
        var (rows, labels) = Line(seed: 81, count: 300);
        var fitted = LogisticRegression.Fit(rows, labels, columns: 2, l2, CancellationToken.None);
        var naive = NaiveFit(rows, labels, l2);
        for (var i = 0; i < naive.Length; i++)
        {
            Assert.Equal(naive[i], fitted.Weights[i], 1e-4);
        }
    }

    [Fact]
    public void Logistic_regression_ends_where_a_line_parts_the_classes()
    {
        var fitted = LogisticRegression.Fit([-2, -1, 1, 2], [0, 0, 1, 1], columns: 1, 1e-6, CancellationToken.None);
        Assert.True(fitted.Odds([1]) > 3 && fitted.Odds([-1]) < -3);
    }

    [Fact]
    public void Standardised_training_rows_have_mean_0_and_population_deviation_1_and_missing_ones_are_the_mean()
    {
        var set = Rows.Random(seed: 82, rows: 1_000);
        var rows = new Standardiser(set).Apply(set);
        for (var column = 0; column < set.Columns; column++)
        {
            var known = Enumerable.Range(0, set.Rows).Where(row => !float.IsNaN(set.Row(row)[column])).Select(row => rows[(row * set.Columns) + column]).ToArray();
            Assert.Equal(0, known.Average(), 1e-9);
            Assert.Equal(1, known.Average(value => value * value), 1e-9);
            Assert.All(Enumerable.Range(0, set.Rows).Where(row => float.IsNaN(set.Row(row)[column])), row => Assert.Equal(0, rows[(row * set.Columns) + column]));
        }
    }

    [Fact]
    public void Trees_that_grow_some_at_a_time_are_those_that_grow_at_once()
    {
        var set = Rows.Random(seed: 83, rows: 2_000);
        using var learning = new BoostedLearning(set, set, s_options, boosters: 1);
        foreach (var step in (ReadOnlySpan<int>)[5, 1, 6])
        {
            learning.Grow(step, CancellationToken.None);
        }

        Assert.Equal(12, learning.Rounds);
        var trees = GradientBoostedTrees.Train(set, s_options);
        Assert.All(learning.Scores().Zip(trees.Predict(set)), pair => Assert.Equal(pair.Second, pair.First, 1e-12));
        Assert.Equal(trees.GainByFeature(), learning.Importance());
    }

    [Fact]
    public void Several_boosters_are_averaged_by_their_odds()
    {
        var set = Rows.Random(seed: 84, rows: 2_000);
        var options = s_options with { BaggingFraction = 0.5 };
        using var learning = new BoostedLearning(set, set, options, boosters: 2);
        learning.Grow(12, CancellationToken.None);
        var (first, second) = (GradientBoostedTrees.Train(set, options), GradientBoostedTrees.Train(set, options with { Seed = 2 }));
        Assert.NotEqual(first.Raw(set.Row(0)), second.Raw(set.Row(0)));
        Assert.Equal(Logistic.Of((first.Raw(set.Row(0)) + second.Raw(set.Row(0))) / 2), learning.Scores()[0], 1e-12);
    }

    [Fact]
    public void A_blend_is_the_weighted_mean_of_both_log_odds()
    {
        var set = Rows.Random(seed: 86, rows: 2_000);
        using var trees = new BoostedLearning(set, set, s_options, boosters: 1);
        using var line = new LogisticLearning(set, set, l2: 1);
        using var blend = new BlendedLearning(new BoostedLearning(set, set, s_options, boosters: 1), new LogisticLearning(set, set, l2: 1), share: 0.3);
        Assert.All((ILearning[])[trees, line, blend], learning => learning.Grow(12, CancellationToken.None));
        double Odds(ILearning learning) => Math.Log(learning.Scores()[7] / (1 - learning.Scores()[7]));
        Assert.NotEqual(Odds(trees), Odds(line), 0.01);
        Assert.Equal((0.7 * Odds(trees)) + (0.3 * Odds(line)), Odds(blend), 1e-9);
        Assert.Equal(12, blend.Rounds);
        Assert.Equal(1, blend.Importance().Sum(), 1e-9);
    }

    [Fact]
    public void A_score_that_may_only_rise_with_a_feature_does()
    {
        var set = Rows.Random(seed: 85, rows: 2_000);
        var trees = GradientBoostedTrees.Train(set, s_options with { Monotone = [1, 0, 0, 0, 0] });
        for (var row = 0; row < 100; row++)
        {
            var x = set.Row(row).ToArray();
            var scores = Enumerable.Range(0, 60).Select(amount => { x[0] = amount * 5; return trees.Raw(x); }).ToArray();
            Assert.Equal(scores.Order(), scores);
        }
    }

    private static (double[] Rows, float[] Labels) Line(int seed, int count)
    {
        var random = new Random(seed);
        double[] rows = [.. Enumerable.Range(0, 2 * count).Select(_ => (random.NextDouble() * 4) - 2)];
        float[] labels = [.. Enumerable.Range(0, count).Select(i => random.NextDouble() < Logistic.Of((2 * rows[2 * i]) - rows[(2 * i) + 1] + 0.5) ? 1f : 0f)];
        return (rows, labels);
    }

    private static double[] NaiveFit(double[] rows, float[] labels, double l2)
    {
        double[] weights = [0, 0, 0];
        for (var step = 0; step < 20_000; step++)
        {
            double[] gradient = [l2 * weights[0], l2 * weights[1], 0];
            for (var row = 0; row < labels.Length; row++)
            {
                var (a, b) = (rows[2 * row], rows[(2 * row) + 1]);
                var error = (1 / (1 + Math.Exp(-((weights[0] * a) + (weights[1] * b) + weights[2])))) - labels[row];
                gradient = [gradient[0] + (error * a), gradient[1] + (error * b), gradient[2] + error];
            }

            weights = [.. weights.Zip(gradient, (weight, slope) => weight - (0.01 * slope))];
        }

        return weights;
    }
}
