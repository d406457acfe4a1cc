using Streaming.Scoring.Contributions;

namespace Streaming.Scoring.Tests.Contributions;

/// <summary>Exact contributions of random trees, against the definition.</summary>
public sealed class TreeContributionsSpec
{
    [Theory]
    [InlineData(1, 1, 4)]
    [InlineData(2, 2, 4)]
    [InlineData(3, 6, 3)]
    [InlineData(4, 6, 8)]
    [InlineData(5, 9, 10)]
    public void They_are_the_Shapley_values_over_all_sets_of_features_and_add_up_to_the_margin(int seed, int depth, int features)
    {
        var random = new Random(seed);
        for (var round = 0; round < 20; round++)
        {
            var trees = Enumerable.Range(0, 3).Select(_ => Random(random, depth, features)).ToArray();
            var contributions = new TreeContributions(trees, features, 0.25, ContributionUnit.LogOdds);
            Assert.Equal(0, contributions.DeepTrees);
            AssertExact(contributions, trees, Row(random, features), 0.25);
        }
    }

    [Fact]
    public void Trees_with_longer_ways_are_explained_leaf_by_leaf_and_as_exactly()
    {
        var random = new Random(7);
        TreeNode[][] trees = [Chain(random, 15), Random(random, 4, 15)];
        var contributions = new TreeContributions(trees, 15, 0, ContributionUnit.LogOdds);
        Assert.Equal(1, contributions.DeepTrees);
        AssertExact(contributions, trees, Row(random, 15), 0);
    }

    [Fact]
    public void A_tree_of_one_leaf_is_all_base()
    {
        var contributions = new TreeContributions([[new(-1, 0, false, 0, 0, 0.7, 10)]], 2, 0.1, ContributionUnit.Score);
        var found = new double[2];
        contributions.Explain([1, 2], found);
        Assert.Equal(0.8, contributions.Base, 1e-12);
        Assert.Equal([0, 0], found);
    }

    [Fact]
    public void A_call_allocates_nothing_even_for_many_features()
    {
        var random = new Random(8);
        foreach (var features in (int[])[8, 400])
        {
            var contributions = new TreeContributions(
                [.. Enumerable.Range(0, 20).Select(_ => Random(random, 6, features)), Chain(random, Math.Min(features, 15))], features, 0, ContributionUnit.LogOdds);
            var (row, found) = (Row(random, features), new double[features]);
            Allocations.AssertNone(() =>
            {
                for (var i = 0; i < 100; i++)
                {
                    contributions.Explain(row, found);
                }
            });
        }
    }

    [Fact]
    public void A_way_with_more_features_than_can_be_explained_is_refused() =>
        Assert.Throws<NotSupportedException>(() => new TreeContributions([Chain(new Random(9), 40)], 40, 0, ContributionUnit.LogOdds));

    private static void AssertExact(TreeContributions contributions, TreeNode[][] trees, float[] row, double added)
    {
        var found = new double[row.Length];
        contributions.Explain(row, found);
        var expected = NaiveShapley.Of(trees, row);
        for (var feature = 0; feature < row.Length; feature++)
        {
            Assert.Equal(expected[feature], found[feature], 1e-6);
        }

        var all = (1 << row.Length) - 1;
        Assert.Equal(added + trees.Sum(tree => NaiveShapley.Expected(tree, 0, row, 0)), contributions.Base, 1e-9);
        Assert.Equal(added + trees.Sum(tree => NaiveShapley.Expected(tree, 0, row, all)), contributions.Base + found.Sum(), 1e-6);
    }

    private static float[] Row(Random random, int features) =>
        [.. Enumerable.Range(0, features).Select(_ => random.Next(6) == 0 ? float.NaN : random.Next(20) / 20f)];

    private static TreeNode[] Random(Random random, int depth, int features)
    {
        var nodes = new List<TreeNode>();
        Add(nodes, random, depth, features);
        return [.. nodes];
    }

    private static double Add(List<TreeNode> nodes, Random random, int depth, int features)
    {
        var place = nodes.Count;
        nodes.Add(default);
        if (depth == 0 || random.Next(8) == 0)
        {
            nodes[place] = new(-1, 0, false, 0, 0, random.NextDouble() - 0.5, random.Next(1, 100));
            return nodes[place].Cover;
        }

        var low = nodes.Count;
        var cover = Add(nodes, random, depth - 1, features);
        var high = nodes.Count;
        cover += Add(nodes, random, depth - 1, features);
        nodes[place] = new(random.Next(features), random.Next(20) / 20f, random.Next(2) == 0, low, high, 0, cover);
        return cover;
    }

    // One leaf at each split, each split on another feature.
    private static TreeNode[] Chain(Random random, int features)
    {
        var nodes = new TreeNode[(2 * features) + 1];
        nodes[^1] = new(-1, 0, false, 0, 0, random.NextDouble(), 5);
        for (var feature = features - 1; feature >= 0; feature--)
        {
            var at = 2 * feature;
            nodes[at + 1] = new(-1, 0, false, 0, 0, random.NextDouble() - 0.5, random.Next(1, 20));
            nodes[at] = new(feature, random.Next(20) / 20f, random.Next(2) == 0, at + 1, at + 2, 0, nodes[at + 1].Cover + nodes[at + 2].Cover);
        }

        return nodes;
    }
}
