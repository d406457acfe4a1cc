using System.Numerics;
using Streaming.Scoring.Contributions;

namespace Streaming.Scoring.Tests.Contributions;

/// <summary>The naive twin: Shapley values by their definition, over every set of features.</summary>
internal static class NaiveShapley
{
    public static double[] Of(IReadOnlyList<TreeNode[]> trees, float[] row)
    {
        var count = row.Length;
        var values = new double[1 << count];
        for (var set = 0; set < values.Length; set++)
        {
            values[set] = trees.Sum(tree => Expected(tree, 0, row, set));
        }

        var shapley = new double[count];
        for (var set = 0; set < values.Length; set++)
        {
            var size = BitOperations.PopCount((uint)set);
            for (var feature = 0; feature < count; feature++)
            {
                if ((set >> feature & 1) == 0)
                {
                    shapley[feature] += Factorial(size) * Factorial(count - size - 1) / Factorial(count) * (values[set | (1 << feature)] - values[set]);
                }
            }
        }

        return shapley;
    }

    /// <summary>A tree's answer where only some features are known (Lundberg et al. 2018, algorithm 1).</summary>
    public static double Expected(TreeNode[] tree, int at, float[] row, int known)
    {
        var node = tree[at];
        if (node.IsLeaf)
        {
            return node.Value;
        }

        if ((known >> node.Feature & 1) != 0)
        {
            return Expected(tree, node.GoesLow(row[node.Feature]) ? node.Low : node.High, row, known);
        }

        return ((Expected(tree, node.Low, row, known) * tree[node.Low].Cover) + (Expected(tree, node.High, row, known) * tree[node.High].Cover)) / node.Cover;
    }

    private static double Factorial(int n) => n < 2 ? 1 : n * Factorial(n - 1);
}
