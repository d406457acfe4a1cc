using System.Collections.Immutable;

namespace Streaming.Offline.Training;

/// <summary>One tree: inner nodes, of which the first is the root, and leaves. A tree without inner nodes is its only leaf.</summary>
public sealed record DecisionTree(ImmutableArray<TreeSplit> Splits, ImmutableArray<double> Leaves)
{
    /// <summary>How many rows of training fell into each leaf; empty where that is not known.</summary>
    public ImmutableArray<long> LeafCounts { get; init; } = [];

    /// <summary>The value of the leaf that a row falls into.</summary>
    public double Evaluate(ReadOnlySpan<float> row) => Leaves[LeafOf(row)];

    private int LeafOf(ReadOnlySpan<float> row)
    {
        if (Splits.IsEmpty)
        {
            return 0;
        }

        var node = 0;
        while (node >= 0)
        {
            var split = Splits[node];
            node = split.GoesLeft(row[split.Feature]) ? split.Left : split.Right;
        }

        return ~node;
    }
}
