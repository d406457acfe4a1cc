using System.Collections.Immutable;

namespace Streaming.Offline.Training;

/// <summary>What a split does with a value that is missing.</summary>
public enum MissingValues : byte
{
    /// <summary>Training saw none: NaN counts as 0.</summary>
    AsZero = 0,

    /// <summary>Zero and NaN both go the split's default way.</summary>
    ZeroIsMissing = 1,

    /// <summary>NaN goes the split's default way.</summary>
    NaNIsMissing = 2,
}

/// <summary>One inner node of a tree: a value at or below the threshold goes left. Children below 0 are leaves: leaf ~child.</summary>
public readonly record struct TreeSplit(
    int Feature, double Threshold, MissingValues Missing, bool DefaultLeft, int Left, int Right, double Gain)
{
    // What LightGBM takes for zero.
    private const double Zero = 1.0000000180025095e-35f;

    /// <summary>Whether a value goes left, decided exactly as LightGBM does.</summary>
    public bool GoesLeft(double value)
    {
        if (double.IsNaN(value))
        {
            return Missing == MissingValues.AsZero ? 0 <= Threshold : DefaultLeft;
        }

        return Missing == MissingValues.ZeroIsMissing && value is >= -Zero and <= Zero ? DefaultLeft : value <= Threshold;
    }
}

/// <summary>One tree: inner nodes, of which the first is the root, and leaves. A tree without inner nodes is its only leaf.</summary>
public sealed record DecisionTree(ImmutableArray<TreeSplit> Splits, ImmutableArray<double> Leaves)
{
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
