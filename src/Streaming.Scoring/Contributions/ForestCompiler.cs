namespace Streaming.Scoring.Contributions;

/// <summary>
/// Turns trees into steps and tables. A leaf's contributions depend on the row only by which way it goes at the splits above the leaf,
/// so that all answers of a block of up to four leaves fit into one table: 2^(features on the way + splits in the block) rows.
/// </summary>
internal sealed class ForestCompiler(int features)
{
    /// <summary>Masks that one tree may have.</summary>
    public const int MaxMasks = 1024;

    private const int MaxBits = 12;
    private const int MaxTable = 8 * 1024 * 1024;

    public List<SplitStep> Splits { get; } = [];

    public List<BlockStep> Blocks { get; } = [];

    public List<TreeSteps> Trees { get; } = [];

    public List<uint> BlockFeatures { get; } = [];

    public List<float> Table { get; } = [];

    /// <summary>Adds a tree; false, and nothing added, where its ways are too long or the tables too large.</summary>
    public bool TryAdd(TreeNode[] tree)
    {
        var (splits, blocks, numbers, table) = (Splits.Count, Blocks.Count, BlockFeatures.Count, Table.Count);
        var masks = 1;
        var open = new Queue<(int Node, int Mask, PathSlots Slots)>([(0, 0, PathSlots.Empty)]);
        while (open.TryDequeue(out var at))
        {
            if (HeightOf(tree, at.Node) <= 2)
            {
                if (TryAddBlock(tree, at.Node, at.Mask, at.Slots))
                {
                    continue;
                }

                masks = MaxMasks;
            }

            if (masks + 2 > MaxMasks)
            {
                Cut(Splits, splits);
                Cut(Blocks, blocks);
                Cut(BlockFeatures, numbers);
                Cut(Table, table);
                return false;
            }

            var node = tree[at.Node];
            var bit = 1u << (at.Slots.SlotOf(node.Feature) & 31);
            Splits.Add(new(at.Mask, KeyOf(node), ThresholdOf(node), bit, masks, masks + 1));
            open.Enqueue((node.Low, masks, at.Slots.Step(node.Feature, Share(tree, node.Low, node))));
            open.Enqueue((node.High, masks + 1, at.Slots.Step(node.Feature, Share(tree, node.High, node))));
            masks += 2;
        }

        Trees.Add(new(Splits.Count, Blocks.Count));
        return true;
    }

    /// <summary>Where a row's value stands for a split: once with NaN as the least, once as the greatest value.</summary>
    public int KeyOf(in TreeNode node) => node.MissingIsLow ? features + node.Feature : node.Feature;

    /// <summary>A threshold that NaN as the greatest value is above.</summary>
    public static float ThresholdOf(in TreeNode node) => MathF.Min(node.Threshold, float.MaxValue);

    public static double Share(TreeNode[] tree, int child, in TreeNode parent) => tree[child].Cover / parent.Cover;

    private static void Cut<T>(List<T> list, int count) => list.RemoveRange(count, list.Count - count);

    private static int HeightOf(TreeNode[] tree, int node) =>
        tree[node].IsLeaf ? 0 : 1 + Math.Max(HeightOf(tree, tree[node].Low), HeightOf(tree, tree[node].High));

    private bool TryAddBlock(TreeNode[] tree, int root, int mask, PathSlots slots)
    {
        var block = new BlockTable(tree, root, slots);
        if (slots.Count + block.Splits.Length > MaxBits || Table.Count + block.Size > MaxTable)
        {
            return false;
        }

        var inner = block.Splits;
        Blocks.Add(new BlockStep
        {
            Mask = mask,
            PathBits = (1u << slots.Count) - 1,
            Splits = inner.Length,
            Key0 = inner.Length > 0 ? KeyOf(tree[inner[0]]) : 0,
            Key1 = inner.Length > 1 ? KeyOf(tree[inner[1]]) : 0,
            Key2 = inner.Length > 2 ? KeyOf(tree[inner[2]]) : 0,
            // Nothing is at or below NaN: a split that is not there has no bit.
            Threshold0 = inner.Length > 0 ? ThresholdOf(tree[inner[0]]) : float.NaN,
            Threshold1 = inner.Length > 1 ? ThresholdOf(tree[inner[1]]) : float.NaN,
            Threshold2 = inner.Length > 2 ? ThresholdOf(tree[inner[2]]) : float.NaN,
            Table = Table.Count,
            Features = BlockFeatures.Count,
            Groups = block.Width / BlockTable.Group,
            Width = block.Width,
        });
        BlockFeatures.AddRange(block.Features.Select(feature => (uint)feature));
        // The zeros that fill a row up go behind the features, each of a group to a place of its own.
        BlockFeatures.AddRange(Enumerable.Range(block.Features.Length, block.Width - block.Features.Length)
            .Select(at => (uint)(features + (at % BlockTable.Group))));
        block.WriteTo(Table);
        return true;
    }
}
