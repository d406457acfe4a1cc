using Streaming.Scoring.Models.Graphs;

namespace Streaming.Offline.Training.Onnx;

/// <summary>
/// Trees as the parallel lists of ONNX's TreeEnsembleRegressor: one entry a node, with inner nodes numbered as in the tree and
/// leaf i as inner nodes + i. The first tree's leaves are shifted by a constant that the operator adds at the end (base_values):
/// floats are summed, and sums that stay near 0 lose less. <c>nodes_hitrates</c> are the covers, how many rows of training reached each
/// node: ONNX Runtime passes them over, explanations need them.
/// </summary>
internal sealed class TreeTable
{
    private readonly List<long> _treeIds = [];
    private readonly List<long> _nodeIds = [];
    private readonly List<long> _features = [];
    private readonly List<string> _modes = [];
    private readonly List<float> _values = [];
    private readonly List<long> _true = [];
    private readonly List<long> _false = [];
    private readonly List<long> _missingTracksTrue = [];
    private readonly List<float> _covers = [];
    private readonly bool _hasCovers;
    private readonly List<long> _leafTrees = [];
    private readonly List<long> _leafNodes = [];
    private readonly List<float> _leafWeights = [];

    public TreeTable(GradientBoostedTrees model)
    {
        _hasCovers = model.Trees.All(tree => tree.LeafCounts.Length == tree.Leaves.Length || tree.Leaves.Length == 1);
        BaseValue = model.Trees.IsEmpty ? 0 : (float)(model.Sigmoid * model.Trees[0].Leaves.Average());
        for (var i = 0; i < model.Trees.Length; i++)
        {
            AddTree(i, model.Trees[i], model.Sigmoid, i == 0 ? BaseValue : 0);
        }
    }

    public float BaseValue { get; }

    public IEnumerable<AttributeProto> NodeAttributes()
    {
        yield return OnnxAttribute.Ints("nodes_treeids", _treeIds);
        yield return OnnxAttribute.Ints("nodes_nodeids", _nodeIds);
        yield return OnnxAttribute.Ints("nodes_featureids", _features);
        yield return OnnxAttribute.Strings("nodes_modes", _modes);
        yield return OnnxAttribute.Floats("nodes_values", _values);
        yield return OnnxAttribute.Ints("nodes_truenodeids", _true);
        yield return OnnxAttribute.Ints("nodes_falsenodeids", _false);
        yield return OnnxAttribute.Ints("nodes_missing_value_tracks_true", _missingTracksTrue);
        if (_hasCovers)
        {
            yield return OnnxAttribute.Floats("nodes_hitrates", _covers);
        }
    }

    public IEnumerable<AttributeProto> LeafAttributes()
    {
        yield return OnnxAttribute.Ints("target_treeids", _leafTrees);
        yield return OnnxAttribute.Ints("target_nodeids", _leafNodes);
        yield return OnnxAttribute.Ints("target_ids", Enumerable.Repeat(0L, _leafTrees.Count));
        yield return OnnxAttribute.Floats("target_weights", _leafWeights);
    }

    private void AddTree(int tree, DecisionTree source, double sigmoid, float shift)
    {
        for (var node = 0; node < source.Splits.Length; node++)
        {
            AddSplit(tree, node, source.Splits[node], source.Splits.Length);
        }

        for (var leaf = 0; leaf < source.Leaves.Length; leaf++)
        {
            var node = source.Splits.Length + leaf;
            AddNode(tree, node, feature: 0, "LEAF", value: 0, whenTrue: 0, whenFalse: 0, missingTracksTrue: false);
            _leafTrees.Add(tree);
            _leafNodes.Add(node);
            _leafWeights.Add((float)((sigmoid * source.Leaves[leaf]) - shift));
        }

        AddCovers(source);
    }

    private void AddCovers(DecisionTree source)
    {
        var leaves = source.LeafCounts.IsEmpty ? [.. source.Leaves.Select(_ => 1L)] : source.LeafCounts;
        var covers = new long[source.Splits.Length];
        // Children come after their parents.
        for (var node = covers.Length - 1; node >= 0; node--)
        {
            covers[node] = Cover(source.Splits[node].Left) + Cover(source.Splits[node].Right);
        }

        _covers.AddRange(covers.Concat(leaves).Select(cover => (float)cover));

        long Cover(int child) => child >= 0 ? covers[child] : leaves[~child];
    }

    private void AddSplit(int tree, int node, TreeSplit split, int splits)
    {
        if (split.Missing == MissingValues.ZeroIsMissing)
        {
            throw new NotSupportedException(
                $"tree {tree}, node {node}: zero counts as missing, which ONNX's tree operators cannot say; train with " +
                "zero_as_missing=false");
        }

        var threshold = FloatThreshold.RoundDown(split.Threshold);
        AddNode(tree, node, split.Feature, "BRANCH_LEQ", threshold, Target(split.Left), Target(split.Right), split.GoesLeft(double.NaN));

        int Target(int child) => child >= 0 ? child : splits + ~child;
    }

    private void AddNode(int tree, int node, int feature, string mode, float value, int whenTrue, int whenFalse, bool missingTracksTrue)
    {
        _treeIds.Add(tree);
        _nodeIds.Add(node);
        _features.Add(feature);
        _modes.Add(mode);
        _values.Add(value);
        _true.Add(whenTrue);
        _false.Add(whenFalse);
        _missingTracksTrue.Add(missingTracksTrue ? 1 : 0);
    }
}
