using System.Collections.Immutable;
using System.Globalization;
using Streaming.Hocon;
using Streaming.Offline.Training;
using Streaming.Scoring.Contributions;
using Streaming.Scoring.Models;

namespace Streaming.Scoring.Tests.Contributions;

/// <summary>Contributions of model files: they add up to what the file answers, or the file says why there are none.</summary>
public sealed class ModelContributionsSpec : IDisposable
{
    private static readonly ImmutableArray<string> s_names =
        ["request.amount", "card_activity.tx_count_1d", "card_activity.amount_avg_1d", "card_activity.biggest_1d"];

    private static readonly string s_brought = Path.Combine(RepositoryRoot.Path, "tests", "Streaming.Scoring.Tests", "Models", "Brought");
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_trained_here_carries_its_covers_and_its_contributions_add_up_to_the_log_odds()
    {
        var random = new Random(3);
        var features = Enumerable.Range(0, 4 * 3_000).Select(_ => random.Next(9) == 0 ? float.NaN : (float)random.NextDouble()).ToArray();
        var labels = Enumerable.Range(0, 3_000).Select(row => features[4 * row] > 0.6f ^ features[(4 * row) + 1] > 0.5f ? 1f : 0).ToArray();
        var set = new TrainingSet(s_names, features, labels, new long[3_000]);
        var model = FraudTrainer.Train(
            set, new FraudTrainingOptions { FeatureService = "fraud", Boosting = new() { Rounds = 30, NumThreads = 1 } });
        model.Save(_folder["m.onnx"]);
        using var served = OnnxScoringModel.Load(_folder["m.onnx"], s_names);
        Assert.Null(served.ContributionsFault);
        Assert.Equal((ContributionMethod.TreeShap, ContributionUnit.LogOdds), (served.Contributions!.Method, served.Contributions.Unit));
        var found = new double[4];
        for (var row = 0; row < 200; row++)
        {
            served.Contributions.Explain(set.Row(row), found);
            Assert.Equal(model.Trees.Raw(set.Row(row)), served.Contributions.Base + found.Sum(), 1e-5);
            Assert.Equal(served.Score(set.Row(row)), Logistic(served.Contributions.Base + found.Sum()), 1e-6);
        }

        // The average over training, by LightGBM's own counts; near the average of the rows' margins.
        Assert.Equal(Enumerable.Range(0, 3_000).Average(row => model.Trees.Raw(set.Row(row))), served.Contributions.Base, 1e-3);
    }

    [Theory]
    [InlineData("sklearn_logistic")]
    [InlineData("sklearn_columns")]
    public void A_linear_model_has_its_own_terms(string name)
    {
        using var served = OnnxScoringModel.Load(Path.Combine(s_brought, name + ".onnx"), s_names);
        Assert.Equal((ContributionMethod.Linear, ContributionUnit.LogOdds), (served.Contributions!.Method, served.Contributions.Unit));
        var found = new double[4];
        foreach (var (row, score) in Rows(name))
        {
            served.Contributions.Explain(row, found);
            Assert.Equal(score, Logistic(served.Contributions.Base + found.Sum()), 1e-6);
            Assert.All(found, contribution => Assert.NotEqual(0, contribution));
        }
    }

    [Theory]
    [InlineData("xgboost", null, "its trees have no covers (nodes_hitrates), how many rows of training reached each node")]
    [InlineData("sklearn_forest", "fraud", "its trees have no covers (nodes_hitrates), how many rows of training reached each node")]
    [InlineData("torch", null, "its score comes from Gemm, for which there are no exact contributions")]
    public void A_model_without_an_exact_method_says_why(string name, string? label, string fault)
    {
        var mapping = label is null ? ModelMapping.None : new ModelMapping([], new OutputMapping(default(SourcePosition), null, null, label));
        using var served = OnnxScoringModel.Load(Path.Combine(s_brought, name + ".onnx"), s_names, mapping);
        Assert.Null(served.Contributions);
        Assert.Equal(fault, served.ContributionsFault);
    }

    private static double Logistic(double margin) => 1 / (1 + Math.Exp(-margin));

    private static IEnumerable<(float[] Row, double Score)> Rows(string name) =>
        File.ReadAllLines(Path.Combine(s_brought, name + ".csv")).Skip(1).Select(line => line.Split(',')).Select(cells => (
            cells[..4].Select(cell => float.Parse(cell, CultureInfo.InvariantCulture)).ToArray(),
            double.Parse(cells[4], CultureInfo.InvariantCulture)));
}
