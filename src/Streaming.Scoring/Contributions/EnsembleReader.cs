namespace Streaming.Scoring.Contributions;

/// <summary>
/// Reads the trees of a TreeEnsembleRegressor or TreeEnsembleClassifier. Covers are in <c>nodes_hitrates</c>, which converters fill with
/// ones: they are believed only where each split's is the sum of its children's.
/// </summary>
internal sealed class EnsembleReader(NodeAttributes node, string leaves, long target, GraphColumn[] columns)
{
    private const double CoverTolerance = 1e-5;
    private readonly IReadOnlyList<long> _trees = node.Ints("nodes_treeids");
    private readonly IReadOnlyList<long> _ids = node.Ints("nodes_nodeids");
    private readonly IReadOnlyList<long> _features = node.Ints("nodes_featureids");
    private readonly IReadOnlyList<long> _true = node.Ints("nodes_truenodeids");
    private readonly IReadOnlyList<long> _false = node.Ints("nodes_falsenodeids");
    private readonly IReadOnlyList<long> _missing = node.Ints("nodes_missing_value_tracks_true");
    private readonly IReadOnlyList<float> _values = node.Floats("nodes_values");
    private readonly IReadOnlyList<float> _hits = node.Floats("nodes_hitrates");
    private readonly IReadOnlyList<string> _modes = node.Texts("nodes_modes");
    private readonly Dictionary<(long Tree, long Node), double> _leaves = LeavesOf(node, leaves, target);

    /// <summary>The trees; or why they cannot be explained.</summary>
    public (List<TreeNode[]> Trees, string? Fault) Read()
    {
        var trees = new List<TreeNode[]>();
        if (_hits.Count != _ids.Count)
        {
            return (trees, "its trees have no covers (nodes_hitrates), how many rows of training reached each node");
        }

        var places = Enumerable.Range(0, _ids.Count).ToDictionary(at => (_trees[at], _ids[at]));
        foreach (var tree in _trees.Distinct())
        {
            var nodes = new List<TreeNode>();
            if (Add(nodes, places, tree, RootOf(tree)) is { } fault)
            {
                return (trees, fault);
            }

            trees.Add([.. nodes]);
        }

        return (trees, null);
    }

    // The node that is nobody's child.
    private long RootOf(long tree)
    {
        var own = Enumerable.Range(0, _ids.Count).Where(at => _trees[at] == tree).ToArray();
        var children = own.Where(at => _modes[at] != "LEAF").SelectMany(at => new[] { _true[at], _false[at] }).ToHashSet();
        return own.Select(at => _ids[at]).First(id => !children.Contains(id));
    }

    private string? Add(List<TreeNode> nodes, Dictionary<(long Tree, long Node), int> places, long tree, long id)
    {
        if (!places.TryGetValue((tree, id), out var at) || nodes.Count > _ids.Count)
        {
            return "its trees are damaged";
        }

        var place = nodes.Count;
        if (_modes[at] == "LEAF")
        {
            nodes.Add(new(-1, 0, false, 0, 0, _leaves.GetValueOrDefault((tree, id)), _hits[at]));
            return null;
        }

        if (_modes[at] is not ("BRANCH_LEQ" or "BRANCH_LT" or "BRANCH_GT" or "BRANCH_GTE"))
        {
            return $"its trees compare by {_modes[at]}";
        }

        if (_features[at] >= columns.Length || columns[_features[at]] is not { Scale: 1, Offset: 0 })
        {
            return "its trees look at something else than features";
        }

        // The greater modes are the smaller ones with their ways exchanged.
        var isExchanged = _modes[at] is "BRANCH_GT" or "BRANCH_GTE";
        nodes.Add(default);
        var low = nodes.Count;
        var fault = Add(nodes, places, tree, isExchanged ? _false[at] : _true[at]);
        var high = nodes.Count;
        fault ??= Add(nodes, places, tree, isExchanged ? _true[at] : _false[at]);
        if (fault is null)
        {
            nodes[place] = Split(at, isExchanged, low, high, nodes[low].Cover + nodes[high].Cover);
            fault = CoverFault(_hits[at], nodes[place].Cover);
        }

        return fault;
    }

    private static string? CoverFault(double said, double sum) => sum > 0 && Math.Abs((said / sum) - 1) <= CoverTolerance
        ? null
        : "its covers (nodes_hitrates) are not how many rows of training reached each node";

    // x < t is x <= the float before t.
    private TreeNode Split(int at, bool isExchanged, int low, int high, double cover) => new(
        columns[_features[at]].Feature,
        _modes[at] is "BRANCH_LT" or "BRANCH_GTE" ? MathF.BitDecrement(_values[at]) : _values[at],
        (_missing.Count > 0 && _missing[at] != 0) != isExchanged,
        low,
        high,
        0,
        cover);

    private static Dictionary<(long Tree, long Node), double> LeavesOf(NodeAttributes node, string prefix, long target)
    {
        var (trees, ids, targets) = (node.Ints(prefix + "_treeids"), node.Ints(prefix + "_nodeids"), node.Ints(prefix + "_ids"));
        var weights = node.Floats(prefix + "_weights");
        var leaves = new Dictionary<(long Tree, long Node), double>();
        for (var at = 0; at < ids.Count; at++)
        {
            if (targets[at] == target)
            {
                leaves[(trees[at], ids[at])] = leaves.GetValueOrDefault((trees[at], ids[at])) + weights[at];
            }
        }

        return leaves;
    }
}
