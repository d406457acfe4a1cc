using System.Runtime.InteropServices;
using Streaming.Offline.Gate;
using Streaming.Offline.Training;
using Streaming.Offline.Training.Onnx;
using Streaming.Scoring.Models;

namespace Streaming.Offline.Tests.Training;

public sealed class OnnxExportSpec : IDisposable
{
    private static readonly TrainingSet s_set = Rows.Random(seed: 21, rows: 8_000);
    private static readonly TrainedModel s_model = FraudTrainer.Train(
        s_set,
        Rows.Random(seed: 22, rows: 4_000),
        new FraudTrainingOptions { FeatureService = "fraud", Boosting = new() { Rounds = 40, NumThreads = 1, MinDataInLeaf = 20 } });

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_exported_model_answers_as_the_trained_one_on_10000_rows()
    {
        s_model.Save(_folder["m.onnx"]);
        var result = Gate(Rows.Random(seed: 23, rows: 10_000).Features);
        Assert.True(result.Passed, GateJson.Write(result));
        Assert.Equal(10_000, result.Rows);
    }

    [Fact]
    public void Rows_on_thresholds_and_beside_them_and_missing_ones_go_the_same_way()
    {
        s_model.Save(_folder["m.onnx"]);
        Assert.True(Gate(RowsOnThresholds()).Passed);
    }

    [Fact]
    public void The_check_catches_thresholds_that_were_rounded_to_the_nearest_float()
    {
        // The broken twin: an exporter without the rounding down, made by rounding the trees' own thresholds up beforehand.
        var trees = s_model.Trees.Trees.Select(tree => tree with { Splits = [.. tree.Splits.Select(Nearest)] });
        var broken = new GradientBoostedTrees(Rows.Names, [.. trees], 1, s_model.Trees.ModelText);
        OnnxExporter.Write(broken, s_model.Metadata(), _folder["m.onnx"]);
        Assert.False(Gate(RowsOnThresholds()).Passed);

        // And by itself, with rows of which none is near a threshold.
        var refused = Assert.Single(Gate(s_set.Features[..(100 * Rows.Names.Length)]).Checks, check => !check.Passed);
        Assert.Equal(GateCheck.Thresholds, refused.Name);
    }

    [Fact]
    public void The_check_catches_a_changed_leaf()
    {
        var trees = s_model.Trees.Trees;
        var leaves = trees[3].Leaves.Select(leaf => leaf + 1e-4);
        var broken = new GradientBoostedTrees(Rows.Names, trees.SetItem(3, trees[3] with { Leaves = [.. leaves] }), 1, s_model.Trees.ModelText);
        OnnxExporter.Write(broken, s_model.Metadata(), _folder["m.onnx"]);
        Assert.False(Gate(s_set.Features).Passed);
    }

    [Fact]
    public void The_file_says_what_it_is()
    {
        s_model.Save(_folder["m.onnx"]);
        using var served = OnnxModel.Load(_folder["m.onnx"], Rows.Names);
        Assert.Equal("fraud", served.Metadata.FeatureService);
        Assert.True(Rows.Names.SequenceEqual(served.Metadata.Features));
        Assert.Equal(s_set.Fingerprint(), served.Metadata.TrainingFingerprint);
        Assert.StartsWith("streaming ", served.Metadata.CreatedBy, StringComparison.Ordinal);
        Assert.Equal(s_model.Metrics, TrainingJson.ReadMetrics(served.Metadata.MetricsJson));
        var baseline = Streaming.Scoring.Drift.BaselineJson.Read(served.Metadata.BaselineJson);
        Assert.Equal([.. Rows.Names, "score"], baseline.Select(histogram => histogram.Name));
        Assert.All(baseline, histogram => Assert.Equal(s_set.Rows, histogram.Counts.Sum() + histogram.Missing));
    }

    [Fact]
    public void A_model_of_one_leaf_answers_the_average()
    {
        var single = new GradientBoostedTrees(Rows.Names, [new DecisionTree([], [-3.0])], 1, "");
        OnnxExporter.Write(single, s_model.Metadata(), _folder["m.onnx"]);
        using var served = OnnxModel.Load(_folder["m.onnx"]);
        Assert.Equal(single.Predict(s_set.Row(0)), served.Score(s_set.Row(0)), 1e-7);
    }

    [Fact]
    public void Trees_that_treat_zero_as_missing_are_refused()
    {
        var split = new TreeSplit(0, 1, MissingValues.ZeroIsMissing, true, ~0, ~1, 1);
        var trees = new GradientBoostedTrees(Rows.Names, [new DecisionTree([split], [0, 1])], 1, "");
        Assert.Throws<NotSupportedException>(() => OnnxExporter.Write(trees, s_model.Metadata(), _folder["m.onnx"]));
        Assert.True(_folder.IsEmpty);
    }

    private GateResult Gate(float[] rows) => ModelGate.Check(
        _folder["m.onnx"], Rows.Names, ModelMapping.None, new TrainedReference(s_model.Trees, rows), ModelGate.TrainedBound);

    private static TreeSplit Nearest(TreeSplit split) => split with { Threshold = MathF.BitIncrement(FloatThreshold.RoundDown(split.Threshold)) };

    private static float[] RowsOnThresholds()
    {
        var rows = new List<float>();
        var random = new Random(5);
        foreach (var split in s_model.Trees.Trees.SelectMany(tree => tree.Splits))
        {
            var threshold = FloatThreshold.RoundDown(split.Threshold);
            foreach (var value in new[] { threshold, MathF.BitIncrement(threshold), MathF.BitDecrement(threshold), float.NaN })
            {
                var row = s_set.Row(random.Next(s_set.Rows)).ToArray();
                row[split.Feature] = value;
                rows.AddRange(row);
            }
        }

        return CollectionsMarshal.AsSpan(rows).ToArray();
    }
}
