using System.Collections.Immutable;
using Streaming.Offline.Training;
using Streaming.Offline.Training.Onnx;
using Streaming.Scoring.Models;

namespace Streaming.Scoring.Tests.Models;

public sealed class OnnxModelSpec : IDisposable
{
    private const int Columns = 4;
    private static readonly ImmutableArray<string> s_names = ["amount", "tx_count_1d", "tx_count_7d", "risk_7d"];
    private static readonly GradientBoostedTrees s_trees = RandomTrees(new Random(1));
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"streaming-model-{Guid.NewGuid():N}.onnx");

    public OnnxModelSpec() => Write(s_names);

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(OnnxModel.MaxRowsPerRun)]
    [InlineData(OnnxModel.MaxRowsPerRun + 1)]
    [InlineData(1_000)]
    public void Scores_of_many_rows_and_of_single_ones_are_the_trees_own(int count)
    {
        using var model = OnnxModel.Load(_path);
        var rows = RandomRows(count);
        var scores = new float[count];
        model.Score(rows, count, scores);
        for (var row = 0; row < count; row++)
        {
            var features = rows.AsSpan(row * Columns, Columns);
            Assert.Equal(s_trees.Predict(features), scores[row], 1e-6);
            Assert.Equal(scores[row], model.Score(features), 1e-7);
        }
    }

    [Fact]
    public void A_call_allocates_nothing_once_it_has_happened_before()
    {
        using var model = OnnxModel.Load(_path);
        var rows = RandomRows(600);
        var scores = new float[600];
        Allocations.AssertNone(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                model.Score(rows.AsSpan(0, Columns));
                model.Score(rows.AsSpan(0, 7 * Columns), 7, scores);
                model.Score(rows, 600, scores);
            }
        });
    }

    [Fact]
    public async Task Threads_share_a_model_without_mixing_their_rows()
    {
        using var model = OnnxModel.Load(_path);
        var rows = RandomRows(2_000);
        await Parallel.ForAsync(0, 8, (thread, _) =>
        {
            for (var row = thread; row < 2_000; row += 3)
            {
                var features = rows.AsSpan(row * Columns, Columns);
                Assert.Equal(s_trees.Predict(features), model.Score(features), 1e-6);
            }

            return ValueTask.CompletedTask;
        });
    }

    [Fact]
    public async Task Calls_under_way_end_well_when_the_model_is_disposed_and_later_ones_are_told()
    {
        var model = OnnxModel.Load(_path);
        var row = RandomRows(1);
        var expected = s_trees.Predict(row);
        var scored = 0;
        var callers = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            try
            {
                while (true)
                {
                    Assert.Equal(expected, model.Score(row), 1e-6);
                    Interlocked.Increment(ref scored);
                }
            }
            catch (ObjectDisposedException)
            {
                return;
            }
        })).ToArray();
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref scored) > 1_000, TimeSpan.FromSeconds(20)));
        model.Dispose();
        await Task.WhenAll(callers).WaitAsync(TimeSpan.FromSeconds(20));
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.Score(row));
    }

    [Fact]
    public void The_features_that_it_was_trained_for_are_accepted()
    {
        using var model = OnnxModel.Load(_path, s_names);
        Assert.Equal((Columns, "fraud"), (model.FeatureCount, model.Metadata.FeatureService));
        Assert.True(s_names.SequenceEqual(model.Metadata.Features));
    }

    [Theory]
    [InlineData("amount,tx_count_7d,tx_count_1d,risk_7d", "feature 2 is 'tx_count_1d' in the model and 'tx_count_7d' in the feature service (4 and 4 in all)")]
    [InlineData("amount,tx_count_1d,tx_count_7d", "feature 4 is 'risk_7d' in the model and missing in the feature service (4 and 3 in all)")]
    [InlineData("amount,tx_count_1d,tx_count_7d,risk_7d,x", "feature 5 is missing in the model and 'x' in the feature service (4 and 5 in all)")]
    public void Other_features_are_told_with_the_first_difference(string names, string message)
    {
        var error = Assert.Throws<ModelException>(() => OnnxModel.Load(_path, [.. names.Split(',')]));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(_path, error.Message, StringComparison.Ordinal);
        Assert.Contains("feature service 'fraud'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_names_needs_the_right_number_of_inputs()
    {
        Write([]);
        OnnxModel.Load(_path, s_names).Dispose();
        var error = Assert.Throws<ModelException>(() => OnnxModel.Load(_path, ["a"]));
        Assert.Contains("4 columns, the feature service has 1 feature;", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_and_a_broken_file_are_told()
    {
        Assert.Contains("no such file", Assert.Throws<ModelException>(() => OnnxModel.Load(_path + ".no")).Message, StringComparison.Ordinal);
        File.WriteAllText(_path, "not a model");
        Assert.Contains("does not load", Assert.Throws<ModelException>(() => OnnxModel.Load(_path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_of_another_length_are_told()
    {
        using var model = OnnxModel.Load(_path);
        Assert.Throws<ArgumentException>(() => model.Score(new float[3]));
        Assert.Throws<ArgumentException>(() => model.Score(new float[8], 3, new float[3]));
    }

    private static float[] RandomRows(int count)
    {
        var random = new Random(2);
        return [.. Enumerable.Range(0, count * Columns).Select(_ => random.Next(9) == 0 ? float.NaN : (float)random.NextDouble())];
    }

    private static GradientBoostedTrees RandomTrees(Random random)
    {
        var trees = ImmutableArray.CreateBuilder<DecisionTree>();
        for (var tree = 0; tree < 50; tree++)
        {
            // Complete trees of 7 inner nodes and 8 leaves.
            var splits = Enumerable.Range(0, 7).Select(node => new TreeSplit(
                random.Next(Columns),
                random.NextDouble(),
                random.Next(2) == 0 ? MissingValues.AsZero : MissingValues.NaNIsMissing,
                random.Next(2) == 0,
                node < 3 ? (2 * node) + 1 : ~((2 * node) - 6),
                node < 3 ? (2 * node) + 2 : ~((2 * node) - 5),
                0));
            trees.Add(new DecisionTree([.. splits], [.. Enumerable.Range(0, 8).Select(_ => random.NextDouble() - 0.5)]));
        }

        return new GradientBoostedTrees(s_names, trees.ToImmutable(), 1, "");
    }

    private void Write(ImmutableArray<string> names) =>
        OnnxExporter.Write(s_trees, new ModelMetadata { FeatureService = "fraud", Features = names }, _path);
}
