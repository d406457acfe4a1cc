namespace Streaming.Scoring.Contributions;

/// <summary>The contributions of the leaves below one node, for every way that a row can go.</summary>
internal sealed class BlockTable
{
    /// <summary>Numbers are added in groups of so many: rows of one length are quicker than shorter ones of several.</summary>
    public const int Group = 8;

    private readonly TreeNode[] _tree;
    private readonly int _pathFeatures;
    private readonly List<(double Value, PathSlots Slots, (int Split, bool Low, int Slot)[] Way)> _leaves = [];
    private readonly List<int> _splits = [];

    public BlockTable(TreeNode[] tree, int root, PathSlots slots)
    {
        _tree = tree;
        _pathFeatures = slots.Count;
        Visit(root, slots, []);
        Splits = [.. _splits];
        Features = [.. slots.Features.Concat(_leaves.SelectMany(leaf => leaf.Slots.Features)).Distinct()];
    }

    /// <summary>The nodes of the block that are no leaves.</summary>
    public int[] Splits { get; }

    /// <summary>The columns of the table.</summary>
    public int[] Features { get; }

    /// <summary>How many numbers a row has: as many as there are columns, filled up with zeros to whole groups.</summary>
    public int Width => (Features.Length + Group - 1) / Group * Group;

    /// <summary>How many numbers the table has.</summary>
    public int Size => Width << (_pathFeatures + Splits.Length);

    /// <summary>Appends the table: the row's number is the path's mask, then a bit for each split, set for the low way.</summary>
    public void WriteTo(List<float> table)
    {
        var row = new double[Width];
        var found = new double[PathWeights.MaxFeatures];
        for (var index = 0; index < 1 << (_pathFeatures + Splits.Length); index++)
        {
            Array.Clear(row);
            foreach (var (value, slots, way) in _leaves)
            {
                Array.Clear(found);
                PathWeights.Add(slots.Shares, Hot(index, slots, way), value, found);
                for (var slot = 0; slot < slots.Count; slot++)
                {
                    row[Array.IndexOf(Features, slots.Features[slot])] += found[slot];
                }
            }

            table.AddRange(row.Select(contribution => (float)contribution));
        }
    }

    private ulong Hot(int index, PathSlots slots, (int Split, bool Low, int Slot)[] way)
    {
        var path = (ulong)index >> Splits.Length;
        var hot = path | (ulong.MaxValue << _pathFeatures);
        foreach (var (split, low, slot) in way)
        {
            hot = (index >> split & 1) != 0 == low ? hot : hot & ~(1ul << slot);
        }

        return hot & ((1ul << slots.Count) - 1);
    }

    private void Visit(int at, PathSlots slots, (int Split, bool Low, int Slot)[] way)
    {
        var node = _tree[at];
        if (node.IsLeaf)
        {
            _leaves.Add((node.Value, slots, way));
            return;
        }

        var (split, slot) = (_splits.Count, slots.SlotOf(node.Feature));
        _splits.Add(at);
        Visit(node.Low, slots.Step(node.Feature, ForestCompiler.Share(_tree, node.Low, node)), [.. way, (split, true, slot)]);
        Visit(node.High, slots.Step(node.Feature, ForestCompiler.Share(_tree, node.High, node)), [.. way, (split, false, slot)]);
    }
}
