using Streaming.Contracts.Schemas;
using Streaming.Features.Plans;
using Streaming.Offline.Gate;
using Streaming.Offline.Training;
using Streaming.Offline.Training.Calibrators;
using Streaming.Offline.Training.Protocols;
using Streaming.Scoring.Models;

namespace Streaming.Offline.Tests.Training.Protocols;

/// <summary>What a comparison found best becomes a model that is served.</summary>
public sealed class CandidateModelSpec
{
    private static readonly TrainingSet s_set = Rows.Random(seed: 71, rows: 8_000);

    // Five features, as the rows have.
    private static readonly ServicePlan s_served = Service("""
        feature-view card { entity = card, source = transactions, key = card_id, time = ts, features { n { count = "*", over = [1d, 7d, 30d, 60d] } } }
        feature-service served { request = transactions, features = [request.amount, "card.*"] }
        """, "served");

    [Theory]
    [InlineData("none")]
    [InlineData("platt")]
    public void It_is_learnt_from_the_last_test_folds_days_and_scores_as_the_candidate_did_but_calibrated(string calibration)
    {
        var protocol = Protocol(calibration);
        var (result, served) = Learn(protocol, 1);
        Assert.Equal(protocol.Test.Max(), served.Split.Start);
        var (scores, labels) = (Pooled(result.Validation.Select(fold => fold.Scores)), Pooled(result.Validation.Select(fold => fold.Rows.Labels)));
        ICalibrator calibrator = calibration == "none" ? new NoCalibrator() : new PlattCalibrator(labels, scores);
        Assert.All(
            result.Test[^1].Scores.Zip(served.Model.Trees.Predict(served.Tested)),
            pair => Assert.Equal(calibrator.Apply(pair.First), pair.Second, 1e-10));
        Assert.Equal(result.Test[^1].Metrics.AucRoc, served.Model.Metrics!.AucRoc, 1e-6);
        Assert.Equal(result.Test[^1].Metrics.Rows, served.Model.Metrics.Rows);
        Assert.Equal((protocol.Test.Max().ToString("yyyy-MM-dd", null), "trees", "small"), (served.Params["train_from"], served.Params["candidate"], served.Params["protocol"]));
        Assert.Equal($"{result.Chosen.Rounds}", served.Params["rounds"]);
    }

    [Fact]
    public void It_has_the_names_of_the_service_that_nodes_feed_it_from_and_passes_the_gate()
    {
        using var folder = new TempFolder();
        var (_, served) = Learn(Protocol("platt"), 1);
        Assert.Equal(s_served.FeatureNames.AsEnumerable(), served.Model.Trees.FeatureNames);
        Assert.Equal("served", served.Model.FeatureService);
        Assert.Equal([.. s_served.FeatureNames, "score"], served.Model.Baseline.Select(histogram => histogram.Name));
        served.Model.Save(folder["m.onnx"]);
        var gate = ModelGate.Check(
            folder["m.onnx"], s_served.FeatureNames, ModelMapping.None, new TrainedReference(served.Model.Trees, served.Tested.Features), ModelGate.TrainedBound);
        Assert.True(gate.Passed, GateJson.Write(gate));
        Assert.Equal(served.Tested.Rows, gate.Rows);
        Assert.Contains(gate.Checks, check => check.Name == GateCheck.Library && check.Largest!.Difference < 1e-9);
    }

    [Fact]
    public void The_best_on_the_validation_folds_is_taken_whatever_the_test_folds_say()
    {
        var protocol = Protocol("platt");
        CandidateResult[] results = [.. protocol.Candidates.Select(candidate => Run(protocol, candidate))];
        Assert.Equal("trees", CandidateModel.Best(protocol, results).Candidate.Name);
        CandidateResult[] turned = [results[0] with { Test = results[1].Test }, results[1] with { Test = results[0].Test }];
        Assert.Equal("trees", CandidateModel.Best(protocol, turned).Candidate.Name);
    }

    [Fact]
    public void What_cannot_be_written_is_told()
    {
        var isotonic = Protocols.Small();
        Assert.Contains("serve-calibration = platt", Assert.Throws<TrainingException>(() => CandidateModel.Check(isotonic, isotonic.Candidates)).Message, StringComparison.Ordinal);
        var platt = Protocol("platt");
        CandidateModel.Check(platt, platt.Candidates);
        var served = Protocols.Small(Protocols.Text.Replace("calibration = isotonic", "calibration = isotonic, serve-calibration = platt", StringComparison.Ordinal));
        Assert.Equal(Learn(platt, 1).Served.Model.Trees.Predict(s_set), Learn(served, 1).Served.Model.Trees.Predict(s_set));
        Assert.Contains("line is none", Assert.Throws<TrainingException>(() => CandidateModel.Check(platt, [platt.Candidates[0]])).Message, StringComparison.Ordinal);
        var blended = Protocols.Small(Protocols.Text.Replace("boosters = [2]", "boosters = [1], logistic_share = [0.3]", StringComparison.Ordinal)
            .Replace("calibration = isotonic", "calibration = platt", StringComparison.Ordinal));
        Assert.Contains("logistic_share", Assert.Throws<TrainingException>(() => Learn(blended, 1)).Message, StringComparison.Ordinal);
    }

    private static TrainingProtocol Protocol(string calibration) =>
        Protocols.Small(Protocols.Text.Replace("calibration = isotonic", $"calibration = {calibration}", StringComparison.Ordinal));

    private static (CandidateResult Result, ServedCandidate Served) Learn(TrainingProtocol protocol, int candidate)
    {
        var result = Run(protocol, protocol.Candidates[candidate]);
        return (result, CandidateModel.Learn(protocol, result, s_set, s_served, CancellationToken.None));
    }

    private static CandidateResult Run(TrainingProtocol protocol, TrainingCandidate candidate) =>
        ProtocolRun.Run(protocol, candidate, s_set, withTest: true, _ => { }, CancellationToken.None);

    private static T[] Pooled<T>(IEnumerable<T[]> folds) => [.. folds.SelectMany(fold => fold)];

    private static ServicePlan Service(string text, string name)
    {
        var (catalog, diagnostics) = FeatureCatalog.Compile([("f.conf", text)], [.. EventSchemas.Sources.Values]);
        Assert.Empty(diagnostics);
        return catalog!.FindService(name)!;
    }
}
