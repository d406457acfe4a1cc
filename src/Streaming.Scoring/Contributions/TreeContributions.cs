// Hot: a score that is explained calls it once.
using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Streaming.Scoring.Contributions;

/// <summary>
/// Path-dependent TreeSHAP of a forest: the Shapley values of the game in which a tree's answer without some features is its average
/// over training, by the covers of its nodes. Tables replace the walk over all leaves (<see cref="ForestCompiler"/>).
/// </summary>
internal sealed class TreeContributions : ScoreContributions
{
    private const int FeaturesOnStack = 256;
    private readonly int _features;
    private readonly SplitStep[] _splits;
    private readonly BlockStep[] _blocks;
    private readonly TreeSteps[] _trees;
    private readonly uint[] _blockFeatures;
    private readonly float[] _table;
    private readonly DeepTree[] _deep;

    /// <param name="trees">The trees.</param>
    /// <param name="features">How many numbers a row has.</param>
    /// <param name="baseValue">What is added to the trees' sum.</param>
    /// <param name="unit">What the sum is.</param>
    /// <exception cref="NotSupportedException">A way has too many different features.</exception>
    public TreeContributions(IReadOnlyList<TreeNode[]> trees, int features, double baseValue, ContributionUnit unit)
        : base(ContributionMethod.TreeShap, unit)
    {
        _features = features;
        var compiler = new ForestCompiler(features);
        _deep = [.. trees.Where(tree => !compiler.TryAdd(tree)).ToArray().Select(tree => new DeepTree(tree))];
        if (_deep.Any(tree => tree.LongestWay > PathWeights.MaxFeatures))
        {
            throw new NotSupportedException($"a tree has ways with more than {PathWeights.MaxFeatures} different features");
        }

        _splits = [.. compiler.Splits];
        _blocks = [.. compiler.Blocks];
        _trees = [.. compiler.Trees];
        _blockFeatures = [.. compiler.BlockFeatures];
        _table = [.. compiler.Table];
        Base = baseValue + trees.Sum(tree => tree.Where(node => node.IsLeaf).Sum(leaf => leaf.Value * leaf.Cover / tree[0].Cover));
    }

    /// <summary>How many trees are explained without tables.</summary>
    public int DeepTrees => _deep.Length;

    /// <inheritdoc/>
    public override void Explain(ReadOnlySpan<float> features, Span<double> contributions)
    {
        var isWide = _features > FeaturesOnStack;
        var rentedKeys = isWide ? ArrayPool<float>.Shared.Rent(2 * _features) : null;
        var rentedSums = isWide ? ArrayPool<double>.Shared.Rent(_features + BlockTable.Group) : null;
        Span<float> keys = rentedKeys is null ? stackalloc float[2 * FeaturesOnStack] : rentedKeys;
        Span<double> sums = rentedSums is null ? stackalloc double[FeaturesOnStack + BlockTable.Group] : rentedSums;
        for (var i = 0; i < _features; i++)
        {
            var value = features[i];
            keys[i] = float.IsNaN(value) ? float.PositiveInfinity : value;
            keys[_features + i] = float.IsNaN(value) ? float.NegativeInfinity : value;
        }

        sums[..(_features + BlockTable.Group)].Clear();
        Walk(keys, sums);
        sums[.._features].CopyTo(contributions);
        if (isWide)
        {
            ArrayPool<float>.Shared.Return(rentedKeys!);
            ArrayPool<double>.Shared.Return(rentedSums!);
        }

        foreach (var tree in _deep)
        {
            tree.Explain(features, contributions);
        }
    }

    // The compiler has checked every index, so that none is checked here.
    private void Walk(ReadOnlySpan<float> keysOfRow, Span<double> sums)
    {
        Span<uint> masks = stackalloc uint[ForestCompiler.MaxMasks];
        ref var mask = ref MemoryMarshal.GetReference(masks);
        ref var key = ref MemoryMarshal.GetReference(keysOfRow);
        var (split, block) = (0, 0);
        foreach (ref readonly var tree in _trees.AsSpan())
        {
            mask = uint.MaxValue;
            for (; split < tree.SplitsEnd; split++)
            {
                // Breadth first: a split's mask was written by a split before it.
                ref readonly var step = ref _splits[split];
                var low = Bit(Unsafe.Add(ref key, step.Key) <= step.Threshold);
                var before = Unsafe.Add(ref mask, step.Mask);
                Unsafe.Add(ref mask, step.Low) = before & ~(step.Bit & (low - 1));
                Unsafe.Add(ref mask, step.High) = before & ~(step.Bit & (0 - low));
            }

            for (; block < tree.BlocksEnd; block++)
            {
                ref readonly var step = ref _blocks[block];
                AddRow(step, RowOf(step, Unsafe.Add(ref mask, step.Mask), ref key), sums);
            }
        }
    }

    private static int RowOf(in BlockStep step, uint mask, ref float key)
    {
        var ways = Bit(Unsafe.Add(ref key, step.Key0) <= step.Threshold0)
            | (Bit(Unsafe.Add(ref key, step.Key1) <= step.Threshold1) << 1)
            | (Bit(Unsafe.Add(ref key, step.Key2) <= step.Threshold2) << 2);
        return (int)(((mask & step.PathBits) << step.Splits) | ways);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddRow(in BlockStep step, int index, Span<double> sums)
    {
        ref var row = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_table), step.Table + (index * step.Width));
        ref var number = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_blockFeatures), step.Features);
        ref var sum = ref MemoryMarshal.GetReference(sums);
        for (var group = 0; group < step.Groups; group++)
        {
            Unsafe.Add(ref sum, number) += row;
            Unsafe.Add(ref sum, Unsafe.Add(ref number, 1)) += Unsafe.Add(ref row, 1);
            Unsafe.Add(ref sum, Unsafe.Add(ref number, 2)) += Unsafe.Add(ref row, 2);
            Unsafe.Add(ref sum, Unsafe.Add(ref number, 3)) += Unsafe.Add(ref row, 3);
            Unsafe.Add(ref sum, Unsafe.Add(ref number, 4)) += Unsafe.Add(ref row, 4);
            Unsafe.Add(ref sum, Unsafe.Add(ref number, 5)) += Unsafe.Add(ref row, 5);
            Unsafe.Add(ref sum, Unsafe.Add(ref number, 6)) += Unsafe.Add(ref row, 6);
            Unsafe.Add(ref sum, Unsafe.Add(ref number, 7)) += Unsafe.Add(ref row, 7);
            row = ref Unsafe.Add(ref row, BlockTable.Group);
            number = ref Unsafe.Add(ref number, BlockTable.Group);
        }
    }

    private static uint Bit(bool flag) => Unsafe.As<bool, byte>(ref flag);
}
