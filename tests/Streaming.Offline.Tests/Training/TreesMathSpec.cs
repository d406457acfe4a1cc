using Streaming.Offline.Training;

namespace Streaming.Offline.Tests.Training;

public sealed class TreesMathSpec
{
    private static readonly TrainingSet s_set = Rows.Random(seed: 131, rows: 4_000);
    private static readonly GradientBoostedTrees[] s_boosters = [.. Enumerable.Range(1, 3).Select(seed => GradientBoostedTrees.Train(
        s_set, new BoostingOptions { Rounds = 10 + seed, Seed = seed, NumThreads = 1, BaggingFraction = 0.6, MinDataInLeaf = 20 }))];

    [Fact]
    public void The_mean_of_boosters_is_all_their_trees_with_the_mean_margin()
    {
        var mean = TreesMath.Mean(s_boosters);
        Assert.Equal(s_boosters.Sum(booster => booster.Trees.Length), mean.Trees.Length);
        AssertMargins(row => s_boosters.Average(booster => booster.Raw(row)), mean);
        // Only the first tree holds an average, which the export takes out of it.
        Assert.All(mean.Trees.Skip(1), tree => Assert.InRange(tree.Leaves.Average(), -0.5, 0.5));
    }

    [Fact]
    public void A_line_over_the_margin_is_in_the_leaves()
    {
        AssertMargins(row => (0.8 * s_boosters[0].Raw(row)) - 0.3, TreesMath.Line(s_boosters[0], 0.8, -0.3));
        AssertMargins(row => (0.8 * s_boosters.Average(booster => booster.Raw(row))) - 0.3, TreesMath.Line(TreesMath.Mean(s_boosters), 0.8, -0.3));
    }

    [Fact]
    public void LightGBMs_own_answers_have_the_mean_and_the_line_too()
    {
        foreach (var trees in (GradientBoostedTrees[])[s_boosters[0], TreesMath.Mean(s_boosters), TreesMath.Line(TreesMath.Mean(s_boosters), 0.8, -0.3), TreesMath.Line(TreesMath.Line(s_boosters[1], 2, 1), 0.5, 3)])
        {
            var (ours, theirs) = (trees.Predict(s_set), trees.Origin.Predict(s_set.Features, s_set.Columns));
            Assert.All(ours.Zip(theirs), pair => Assert.Equal(pair.Second, pair.First, 1e-12));
        }
    }

    [Fact]
    public void Trees_that_were_changed_afterwards_are_not_LightGBMs()
    {
        var mean = TreesMath.Mean(s_boosters);
        var broken = new GradientBoostedTrees(mean.FeatureNames, mean.Trees.RemoveAt(4), mean.Sigmoid, mean.Origin);
        Assert.Contains(broken.Predict(s_set).Zip(broken.Origin.Predict(s_set.Features, s_set.Columns)), pair => Math.Abs(pair.First - pair.Second) > 1e-4);
    }

    [Fact]
    public void A_booster_without_trees_is_a_margin_of_0()
    {
        var empty = new GradientBoostedTrees(Rows.Names, [], 1, "");
        AssertMargins(_ => 0.25, TreesMath.Line(empty, 2, 0.25));
        AssertMargins(row => s_boosters[0].Raw(row) / 2, TreesMath.Mean([s_boosters[0], empty]));
    }

    private static void AssertMargins(Func<float[], double> expected, GradientBoostedTrees trees)
    {
        for (var row = 0; row < 200; row++)
        {
            var features = s_set.Row(row).ToArray();
            Assert.Equal(expected(features), trees.Sigmoid * trees.Raw(features), 1e-12);
        }
    }
}
