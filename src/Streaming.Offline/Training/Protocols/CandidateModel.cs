using System.Collections.Immutable;
using System.Globalization;
using Streaming.Features.Plans;

namespace Streaming.Offline.Training.Protocols;

/// <summary>Makes what a comparison found best a model that is served.</summary>
public static class CandidateModel
{
    /// <summary>Says before a comparison, which takes a while, what would keep its best candidate from being served.</summary>
    /// <exception cref="TrainingException">Something would.</exception>
    public static void Check(TrainingProtocol protocol, IReadOnlyCollection<TrainingCandidate> candidates)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        ArgumentNullException.ThrowIfNull(candidates);
        if ((protocol.ServeCalibration ?? protocol.Calibration) == CalibrationMethod.Isotonic)
        {
            throw new TrainingException(
                $"{protocol.Position}: an isotonic calibration is steps, which make equal scores of different ones and are no line over " +
                "the margin, so that no model is written with it; declare serve-calibration = platt, or none");
        }

        if (candidates.All(candidate => candidate.Learner != LearnerKind.LightGbm))
        {
            throw new TrainingException(
                $"{protocol.Position}: only candidates of LightGBM are written as a model; {Names(candidates)} is none");
        }
    }

    /// <summary>The best on the validation folds, by the protocol's figure.</summary>
    public static CandidateResult Best(TrainingProtocol protocol, IReadOnlyCollection<CandidateResult> results)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        return results.MaxBy(result => result.Chosen.Validation.By(protocol.Search.ChooseBy))
            ?? throw new ArgumentException("no results", nameof(results));
    }

    /// <summary>Learns the last test fold's days with the parameters that were chosen.</summary>
    /// <param name="protocol">The protocol.</param>
    /// <param name="result">What became of the candidate.</param>
    /// <param name="set">The rows that it was compared on.</param>
    /// <param name="served">The feature service that nodes will feed the model from.</param>
    /// <param name="cancellation">Ends it between two rounds.</param>
    /// <exception cref="TrainingException">What was chosen cannot be written as a model.</exception>
    public static ServedCandidate Learn(
        TrainingProtocol protocol, CandidateResult result, TrainingSet set, ServicePlan served, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(served);
        Check(protocol, [result.Candidate]);
        var calibration = protocol.ServeCalibration ?? protocol.Calibration;
        var decisions = DecisionResult.Of(protocol with { Calibration = calibration }, result);
        var (slope, intercept) = decisions.Line!.Value;
        var fold = Fold.LastTest(protocol, set);
        using var learning = LearnerFactory.Begin(result.Candidate, result.Chosen.Parameters, fold);
        learning.Grow(result.Chosen.Rounds, cancellation);
        var trees = learning.Trees() ?? throw new TrainingException(
            $"{result.Candidate.Position}: with logistic_share above 0 a candidate is not of trees alone and is not written as a model; " +
            "name another one (--candidate)");
        var calibrated = (slope, intercept) == (1, 0) ? trees : TreesMath.Line(trees, slope, intercept);
        var (train, tested) = (fold.Train.Named(served.FeatureNames), fold.Asked.Named(served.FeatureNames));
        return new(
            result.Candidate,
            FraudTrainer.Describe(TreesMath.Named(calibrated, served.FeatureNames), served.Name, train, tested),
            protocol.SplitAt(fold.Start),
            tested,
            decisions,
            Params(protocol, result, fold, slope, intercept));
    }

    private static ImmutableSortedDictionary<string, string> Params(
        TrainingProtocol protocol, CandidateResult result, Fold fold, double slope, double intercept)
    {
        var parameters = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        parameters["protocol"] = protocol.Name;
        parameters["candidate"] = result.Candidate.Name;
        parameters["learner"] = "lightgbm";
        parameters["rounds"] = Text(result.Chosen.Rounds);
        parameters["train_from"] = fold.Start.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        parameters["train_days"] = Text(protocol.Split.TrainDays);
        parameters["calibration"] = (protocol.ServeCalibration ?? protocol.Calibration).ToString().ToLowerInvariant();
        parameters["calibration_slope"] = Text(slope);
        parameters["calibration_intercept"] = Text(intercept);
        foreach (var (name, value) in result.Chosen.Parameters)
        {
            parameters[name] = Text(value);
        }

        return parameters.ToImmutable();
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

    private static string Names(IEnumerable<TrainingCandidate> candidates) => string.Join(", ", candidates.Select(each => each.Name));
}

/// <summary>A candidate as a model.</summary>
/// <param name="Candidate">Which.</param>
/// <param name="Model">The model, calibrated, with the figures of the last test fold.</param>
/// <param name="Split">That fold: it learnt from its days of training and is tested on its test days.</param>
/// <param name="Tested">All rows that it is tested on.</param>
/// <param name="Decisions">Its thresholds, learnt on the validation folds.</param>
/// <param name="Params">What it was made with.</param>
public sealed record ServedCandidate(
    TrainingCandidate Candidate,
    TrainedModel Model,
    DelayedSplit Split,
    TrainingSet Tested,
    DecisionResult Decisions,
    ImmutableSortedDictionary<string, string> Params);
