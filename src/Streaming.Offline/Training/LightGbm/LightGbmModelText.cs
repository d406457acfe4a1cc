using System.Collections.Immutable;

namespace Streaming.Offline.Training.LightGbm;

/// <summary>
/// Reads LightGBM's model text: a header of key=value lines, then one paragraph a tree, then "end of trees". In decision_type
/// bit 0 is a categorical split, bit 1 the default way (left), bits 2 and 3 how missing values are marked.
/// </summary>
internal static class LightGbmModelText
{
    public static GradientBoostedTrees Parse(string text, ImmutableArray<string> featureNames)
    {
        var trees = ImmutableArray.CreateBuilder<DecisionTree>();
        var section = new LightGbmSection();
        var sigmoid = double.NaN;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.StartsWith("Tree=") || line.StartsWith("end of trees"))
            {
                sigmoid = trees.Count == 0 && double.IsNaN(sigmoid)
                    ? Header(section, featureNames)
                    : AddTree(section, featureNames.Length, trees, sigmoid);
                section.Clear();
                if (line[0] == 'e')
                {
                    return new(featureNames, trees.ToImmutable(), sigmoid, text);
                }
            }

            section.Add(line);
        }

        throw new FormatException("LightGBM model text: it ends before its trees do; the file is cut short or is something else");
    }

    private static double Header(LightGbmSection header, ImmutableArray<string> featureNames)
    {
        var objective = header.Value("objective", "header").Split(' ');
        if (objective[0] != "binary")
        {
            throw new FormatException($"LightGBM model text: objective '{objective[0]}' is not supported; train with objective=binary");
        }

        var columns = LightGbmSection.Number(header.Value("max_feature_idx", "header")) + 1;
        if (columns != featureNames.Length)
        {
            throw new FormatException($"LightGBM model text: it reads {columns} features, {featureNames.Length} names were given");
        }

        var sigmoid = objective.FirstOrDefault(part => part.StartsWith("sigmoid:", StringComparison.Ordinal));
        return sigmoid is null ? 1 : LightGbmSection.Real(sigmoid["sigmoid:".Length..]);
    }

    private static double AddTree(
        LightGbmSection section, int columns, ImmutableArray<DecisionTree>.Builder trees, double sigmoid)
    {
        var where = $"tree {trees.Count}";
        if (section.Has("num_cat"))
        {
            throw new FormatException($"LightGBM model text: {where} has categorical splits, which are not supported");
        }

        if (section.Has("is_linear"))
        {
            throw new FormatException($"LightGBM model text: {where} has linear leaves, which are not supported");
        }

        var leaves = Array.ConvertAll(section.Values("leaf_value", where), LightGbmSection.Real);
        var count = LightGbmSection.Number(section.Value("num_leaves", where));
        if (leaves.Length != count)
        {
            throw new FormatException($"LightGBM model text: {where} has {leaves.Length} leaf values but num_leaves={count}");
        }

        trees.Add(new DecisionTree(count == 1 ? [] : Splits(section, where, count, columns), [.. leaves])
        {
            LeafCounts = count == 1 ? [] : LeafCounts(section, where, count),
        });
        return sigmoid;
    }

    // What explains a score needs them; scoring does not.
    private static ImmutableArray<long> LeafCounts(LightGbmSection section, string where, int leaves)
    {
        if (!section.Has("leaf_count"))
        {
            return [];
        }

        var counts = section.Values("leaf_count", where);
        return counts.Length == leaves
            ? [.. counts.Select(count => (long)LightGbmSection.Number(count))]
            : throw new FormatException($"LightGBM model text: {where} has {counts.Length} leaf counts but num_leaves={leaves}");
    }

    private static ImmutableArray<TreeSplit> Splits(LightGbmSection section, string where, int leaves, int columns)
    {
        var features = section.Values("split_feature", where);
        var thresholds = section.Values("threshold", where);
        var types = section.Values("decision_type", where);
        var left = section.Values("left_child", where);
        var right = section.Values("right_child", where);
        var gains = section.Values("split_gain", where);
        string[][] all = [features, thresholds, types, left, right, gains];
        if (all.Any(values => values.Length != leaves - 1))
        {
            throw new FormatException(
                $"LightGBM model text: {where} has {leaves} leaves, so each list of its splits needs {leaves - 1} values");
        }

        var splits = ImmutableArray.CreateBuilder<TreeSplit>(leaves - 1);
        for (var i = 0; i < leaves - 1; i++)
        {
            var type = LightGbmSection.Number(types[i]);
            var split = new TreeSplit(
                LightGbmSection.Number(features[i]),
                LightGbmSection.Real(thresholds[i]),
                (MissingValues)((type >> 2) & 3),
                (type & 2) != 0,
                LightGbmSection.Number(left[i]),
                LightGbmSection.Number(right[i]),
                LightGbmSection.Real(gains[i]));
            CheckReferences(split, where, i, leaves, columns);
            splits.Add(split);
        }

        return splits.MoveToImmutable();
    }

    private static void CheckReferences(TreeSplit split, string where, int node, int leaves, int columns)
    {
        // Children come after their parent in LightGBM's numbering, so a walk down always ends.
        if (split.Feature < 0 || split.Feature >= columns || BadChild(split.Left) || BadChild(split.Right) || (int)split.Missing > 2)
        {
            throw new FormatException($"LightGBM model text: {where}, node {node} refers to a feature, node or leaf that is not there");
        }

        bool BadChild(int child) => child >= 0 ? child <= node || child >= leaves - 1 : ~child >= leaves;
    }
}
