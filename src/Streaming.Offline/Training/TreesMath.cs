using System.Collections.Immutable;

namespace Streaming.Offline.Training;

/// <summary>What can be said of boosted trees by other boosted trees: the mean of several, and a straight line over a margin.</summary>
internal static class TreesMath
{
    /// <summary>
    /// The mean of several boosters' margins: the trees of all, with leaves of a share of their value. The average that the first tree
    /// of each holds moves into the first of all, where the export expects it (see TreeTable).
    /// </summary>
    /// <param name="boosters">At least one; all of the same features.</param>
    public static GradientBoostedTrees Mean(IReadOnlyList<GradientBoostedTrees> boosters)
    {
        var share = 1.0 / boosters.Count;
        if (boosters.Count == 1)
        {
            return boosters[0];
        }

        var (trees, moved) = (ImmutableArray.CreateBuilder<DecisionTree>(), 0.0);
        foreach (var booster in boosters)
        {
            var factor = booster.Sigmoid * share;
            var average = booster.Trees.IsEmpty ? 0 : factor * booster.Trees[0].Leaves.Average();
            moved += average;
            trees.AddRange(booster.Trees.Select((tree, i) => Line(tree, factor, i == 0 ? -average : 0)));
        }

        return new(
            boosters[0].FeatureNames,
            Raised(trees.ToImmutable(), moved),
            sigmoid: 1,
            new TreesOrigin([.. boosters.SelectMany(booster => booster.Origin.ModelTexts)], boosters[0].Sigmoid, 0));
    }

    /// <summary>Trees whose margin is slope * margin + intercept, as Platt's calibration wants it.</summary>
    public static GradientBoostedTrees Line(GradientBoostedTrees trees, double slope, double intercept) => new(
        trees.FeatureNames,
        Raised([.. trees.Trees.Select(tree => Line(tree, slope * trees.Sigmoid, 0))], intercept),
        sigmoid: 1,
        trees.Origin with
        {
            Slope = trees.Origin.Slope * trees.Sigmoid * slope,
            Intercept = (trees.Origin.Intercept * slope) + intercept,
        });

    /// <summary>The same trees, with features of other names.</summary>
    public static GradientBoostedTrees Named(GradientBoostedTrees trees, ImmutableArray<string> names) =>
        new(names, trees.Trees, trees.Sigmoid, trees.Origin);

    private static ImmutableArray<DecisionTree> Raised(ImmutableArray<DecisionTree> trees, double by) =>
        trees.IsEmpty ? [new DecisionTree([], [by])] : trees.SetItem(0, Line(trees[0], 1, by));

    private static DecisionTree Line(DecisionTree tree, double factor, double plus) =>
        tree with { Leaves = [.. tree.Leaves.Select(leaf => (factor * leaf) + plus)] };
}
