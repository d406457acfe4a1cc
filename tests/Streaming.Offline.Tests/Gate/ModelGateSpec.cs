using System.Collections.Immutable;
using System.Globalization;
using Streaming.Hocon;
using Streaming.Offline.Gate;
using Streaming.Offline.Parquet;
using Streaming.Offline.Training;
using Streaming.Scoring.Models;
using Rows = Streaming.Offline.Tests.Training.Rows;

namespace Streaming.Offline.Tests.Gate;

/// <summary>Right models pass; wrong ones are refused, by the figure and the row. The files are those of BroughtModelSpec.</summary>
public sealed class ModelGateSpec : IDisposable
{
    private static readonly ImmutableArray<string> s_features =
        ["request.amount", "card_activity.tx_count_1d", "card_activity.amount_avg_1d", "card_activity.biggest_1d"];

    private static readonly string s_brought = Path.Combine(RepositoryRoot.Path, "tests", "Streaming.Scoring.Tests", "Models", "Brought");
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("torch", null)]
    [InlineData("torch_double_one_row", null)]
    [InlineData("sklearn_logistic", null)]
    [InlineData("sklearn_columns", null)]
    [InlineData("sklearn_forest", "fraud")]
    [InlineData("xgboost", null)]
    public void A_model_passes_with_the_scores_of_the_tool_that_made_it(string name, string? label)
    {
        var result = Check(name, Output(label), Brought(name + ".csv"));
        Assert.True(result.Passed, GateJson.Write(result));
        Assert.Equal(60, result.Rows);
        Assert.InRange(result.Largest!.Difference, 0, 1e-6);
        Assert.Matches("^sha256:[0-9a-f]{64}$", result.Sha256);
    }

    [Fact]
    public void The_other_class_is_refused_with_the_largest_difference_and_its_row()
    {
        var result = Check("sklearn_forest", Output("legit"), Brought("sklearn_forest.csv"));
        Assert.False(result.Passed);
        var lines = File.ReadAllLines(Brought("sklearn_forest.csv"));
        var expected = double.Parse(lines[result.Largest!.Row].Split(',')[^1], CultureInfo.InvariantCulture);
        Assert.Equal(expected, result.Largest.Expected);
        Assert.Equal(1 - expected, result.Largest.Served, 1e-6);
        Assert.Equal(lines.Skip(1).Max(line => Math.Abs(1 - (2 * double.Parse(line.Split(',')[^1], CultureInfo.InvariantCulture)))), result.Largest.Difference, 1e-6);
    }

    [Theory]
    [InlineData(1, 1e-6)]
    [InlineData(100, 1e-6)]
    [InlineData(420, 4.2e-6)]
    public void The_bound_of_trained_models_grows_with_their_trees_beyond_a_hundred(int trees, double expected) =>
        Assert.Equal(expected, ModelGate.TrainedBoundOf(trees), 1e-12);

    [Fact]
    public void Exchanged_features_are_refused_and_named()
    {
        ImmutableArray<string> exchanged = [s_features[0], s_features[2], s_features[1], s_features[3]];
        var mapping = new ModelMapping([new InputMapping("features", default, exchanged)], null);
        var result = Check("torch", mapping, Brought("torch.csv"));
        Assert.False(result.Passed);
        var rows = Assert.Single(result.Checks, check => check.Name == GateCheck.Rows);
        Assert.Contains($"with {s_features[1]} and {s_features[2]} exchanged all agree", rows.Finding, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.000", false)]
    [InlineData("0.0000000", true)]
    public void Scores_that_were_rounded_pass_only_within_the_bound(string format, bool passes)
    {
        var lines = File.ReadAllLines(Brought("torch.csv"));
        File.WriteAllLines(_folder["rounded.csv"], lines.Select((line, at) => at == 0 ? line : Rounded(line.Split(','), format)));
        Assert.Equal(passes, Check("torch", ModelMapping.None, _folder["rounded.csv"]).Passed);
    }

    [Fact]
    public void A_model_that_answers_no_number_where_a_feature_is_missing_is_told_and_refused_where_the_rows_have_one()
    {
        var missing = Assert.Single(
            Check("sklearn_logistic", ModelMapping.None, Brought("sklearn_logistic.csv")).Checks, check => check.Name == GateCheck.Missing);
        Assert.True(missing.Passed);
        Assert.Contains("the fallback answers, for request.amount, card_activity.tx_count_1d", missing.Finding, StringComparison.Ordinal);

        var lines = File.ReadAllLines(Brought("sklearn_logistic.csv"));
        lines[7] = lines[7][lines[7].IndexOf(',', StringComparison.Ordinal)..];
        File.WriteAllLines(_folder["missing.csv"], lines);
        var result = Check("sklearn_logistic", ModelMapping.None, _folder["missing.csv"]);
        Assert.False(result.Passed);
        Assert.Equal((7, double.PositiveInfinity), (result.Largest!.Row, result.Largest.Difference));
        Assert.Contains("1 row without a score from 0 to 1, the first is row 7: NaN", result.Checks[0].Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_cannot_be_served_is_a_result_with_its_reason()
    {
        var result = Check("string_input", ModelMapping.None, Brought("torch.csv"));
        Assert.False(result.Passed);
        Assert.Contains("\"currency\" (String", result.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_result_is_read_back_from_its_json()
    {
        var result = Check("sklearn_logistic", ModelMapping.None, Brought("sklearn_logistic.csv"));
        var read = GateJson.Read(GateJson.Write(result))!;
        Assert.Equal(result.Checks.AsEnumerable(), read.Checks.AsEnumerable());
        Assert.Equal(result with { Checks = [] }, read with { Checks = [] });
    }

    [Fact]
    public void Another_threshold_in_one_tree_is_refused()
    {
        var set = Rows.Random(seed: 31, rows: 4_000);
        var model = FraudTrainer.Train(
            set, Rows.Random(seed: 32, rows: 1_000), new FraudTrainingOptions { FeatureService = "fraud", Boosting = new() { Rounds = 10, NumThreads = 1 } });
        model.Save(_folder["m.onnx"]);
        Assert.True(Check(model, model.Trees, set).Passed);

        var first = model.Trees.Trees[0];
        var moved = first with { Splits = first.Splits.SetItem(0, first.Splits[0] with { Threshold = first.Splits[0].Threshold * 1.01 }) };
        var other = new GradientBoostedTrees(Rows.Names, model.Trees.Trees.SetItem(0, moved), 1, model.Trees.ModelText);
        Assert.False(Check(model, other, set).Passed);
    }

    [Fact]
    public void Predictions_without_a_column_or_a_score_are_told()
    {
        File.WriteAllText(_folder["a.csv"], "request.amount,score\n1,0.5\n");
        var error = Assert.Throws<TableFormatException>(() => PredictionsReference.Read(_folder["a.csv"], s_features, ModelMapping.None));
        Assert.Contains("card_activity.tx_count_1d", error.Message, StringComparison.Ordinal);
        File.WriteAllText(_folder["b.csv"], "request.amount,score\n1,0.5\n2,\n");
        error = Assert.Throws<TableFormatException>(() => PredictionsReference.Read(_folder["b.csv"], ["request.amount"], ModelMapping.None));
        Assert.Contains("row 2 has no score", error.Message, StringComparison.Ordinal);
    }

    private static GateResult Check(string name, ModelMapping mapping, string predictions) => ModelGate.Check(
        Brought(name + ".onnx"), s_features, mapping, PredictionsReference.Read(predictions, s_features, mapping), ModelGate.PredictionsBound);

    private GateResult Check(TrainedModel model, GradientBoostedTrees reference, TrainingSet set) => ModelGate.Check(
        _folder["m.onnx"], model.Trees.FeatureNames, ModelMapping.None, new TrainedReference(reference, set.Features), ModelGate.TrainedBound);

    private static ModelMapping Output(string? label) =>
        label is null ? ModelMapping.None : new ModelMapping([], new OutputMapping(new SourcePosition("m.conf", 1, 1), null, null, label));

    private static string Brought(string file) => Path.Combine(s_brought, file);

    private static string Rounded(string[] cells, string format)
    {
        cells[^1] = double.Parse(cells[^1], CultureInfo.InvariantCulture).ToString(format, CultureInfo.InvariantCulture);
        return string.Join(',', cells);
    }
}
