using Streaming.Offline.Training;
using Streaming.Offline.Training.Onnx;

namespace Streaming.Offline.Gate;

/// <summary>Trees that were trained here: it can say the score of any row.</summary>
public sealed class TrainedReference : GateReference
{
    private readonly GradientBoostedTrees _trees;

    /// <param name="trees">The trained trees.</param>
    /// <param name="rows">The rows to compare on, row after row: all that the model is tested on.</param>
    public TrainedReference(GradientBoostedTrees trees, float[] rows)
        : base("the trained model", rows, Score(trees, rows)) => _trees = trees;

    /// <inheritdoc/>
    internal override double[] Score(ReadOnlySpan<float> rows) => Score(_trees, rows);

    /// <inheritdoc/>
    internal override IEnumerable<GateCheck> OwnChecks(double bound)
    {
        var theirs = _trees.Origin.Predict(Rows, _trees.FeatureNames.Length);
        var tally = new GateTally(GateCheck.Library, bound);
        for (var row = 0; row < theirs.Length; row++)
        {
            tally.Add(row, theirs[row], Expected[row]);
        }

        yield return tally.ToCheck();
    }

    /// <inheritdoc/>
    internal override float[] HardRows()
    {
        var columns = _trees.FeatureNames.Length;
        var splits = _trees.Trees.SelectMany(tree => tree.Splits).DistinctBy(split => (split.Feature, split.Threshold)).ToArray();
        if (Rows.Length == 0)
        {
            return [];
        }

        var hard = new List<float>(splits.Length * 3 * columns);
        for (var i = 0; i < splits.Length; i++)
        {
            var threshold = FloatThreshold.RoundDown(splits[i].Threshold);
            foreach (var value in (ReadOnlySpan<float>)[threshold, MathF.BitIncrement(threshold), MathF.BitDecrement(threshold)])
            {
                // Another row each time: where one row does not reach the split, others do.
                var row = Rows.AsSpan((hard.Count / columns * 37 % (Rows.Length / columns)) * columns, columns).ToArray();
                row[splits[i].Feature] = value;
                hard.AddRange(row);
            }
        }

        return [.. hard];
    }

    private static double[] Score(GradientBoostedTrees trees, ReadOnlySpan<float> rows)
    {
        ArgumentNullException.ThrowIfNull(trees);
        var columns = trees.FeatureNames.Length;
        var scores = new double[rows.Length / columns];
        for (var row = 0; row < scores.Length; row++)
        {
            scores[row] = trees.Predict(rows.Slice(row * columns, columns));
        }

        return scores;
    }
}
