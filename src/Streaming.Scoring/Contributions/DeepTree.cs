// Hot: for trees whose ways are too long for tables.
namespace Streaming.Scoring.Contributions;

/// <summary>A tree that is explained leaf by leaf: exact as well, but some hundred times slower than tables.</summary>
internal sealed class DeepTree
{
    private readonly TreeNode[] _tree;
    private readonly Leaf[] _leaves;

    public DeepTree(TreeNode[] tree)
    {
        _tree = tree;
        var leaves = new List<Leaf>();
        Visit(0, PathSlots.Empty, [], leaves);
        _leaves = [.. leaves];
    }

    /// <summary>The most different features on one way.</summary>
    public int LongestWay => _leaves.Max(leaf => leaf.Slots.Count);

    /// <summary>Adds the tree's contributions.</summary>
    public void Explain(ReadOnlySpan<float> features, Span<double> contributions)
    {
        Span<double> found = stackalloc double[PathWeights.MaxFeatures];
        foreach (var leaf in _leaves)
        {
            var hot = (1ul << leaf.Slots.Count) - 1;
            foreach (var (node, low, slot) in leaf.Way)
            {
                if (_tree[node].GoesLow(features[_tree[node].Feature]) != low)
                {
                    hot &= ~(1ul << slot);
                }
            }

            found.Clear();
            PathWeights.Add(leaf.Slots.Shares, hot, leaf.Value, found);
            for (var slot = 0; slot < leaf.Slots.Count; slot++)
            {
                contributions[leaf.Slots.Features[slot]] += found[slot];
            }
        }
    }

    private void Visit(int at, PathSlots slots, (int Node, bool Low, int Slot)[] way, List<Leaf> leaves)
    {
        var node = _tree[at];
        if (node.IsLeaf)
        {
            leaves.Add(new(node.Value, slots, way));
            return;
        }

        var slot = slots.SlotOf(node.Feature);
        Visit(node.Low, slots.Step(node.Feature, ForestCompiler.Share(_tree, node.Low, node)), [.. way, (at, true, slot)], leaves);
        Visit(node.High, slots.Step(node.Feature, ForestCompiler.Share(_tree, node.High, node)), [.. way, (at, false, slot)], leaves);
    }

    private sealed record Leaf(double Value, PathSlots Slots, (int Node, bool Low, int Slot)[] Way);
}
