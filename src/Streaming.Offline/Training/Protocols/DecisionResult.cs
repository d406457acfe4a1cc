using System.Collections.Immutable;
using Streaming.Offline.Training.Calibrators;
using Streaming.Offline.Training.Costs;

namespace Streaming.Offline.Training.Protocols;

/// <summary>
/// A candidate's scores as probabilities, and the thresholds that cost the least: both learnt on the validation folds, and held to the
/// test folds.
/// </summary>
public sealed record DecisionResult
{
    /// <summary>Mean squared error on the test folds, before calibration and after.</summary>
    public required (double Before, double After) Brier { get; init; }

    /// <summary>Expected calibration error on the test folds, before and after.</summary>
    public required (double Before, double After) CalibrationError { get; init; }

    /// <summary>Each test fold's calibrated scores.</summary>
    public required ImmutableArray<double[]> Scores { get; init; }

    /// <summary>The thresholds; null where the protocol declares no costs.</summary>
    public required CostThresholds? Thresholds { get; init; }

    /// <summary>Each test fold's costs; empty where there are no thresholds.</summary>
    public required ImmutableArray<FoldCost> Costs { get; init; }

    /// <summary>The calibration as a straight line over the logarithm of a score's odds; null where it is none.</summary>
    internal (double Slope, double Intercept)? Line { get; init; }

    /// <summary>Makes them from what the folds gave.</summary>
    public static DecisionResult Of(TrainingProtocol protocol, CandidateResult result)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        ArgumentNullException.ThrowIfNull(result);
        var (labels, scores) = (Labels(result.Validation), Pooled(result.Validation.Select(fold => fold.Scores)));
        var calibrator = Calibrator(protocol.Calibration, labels, scores);
        ImmutableArray<double[]> after = [.. result.Shown.Select(fold => Array.ConvertAll(fold.Scores, calibrator.Apply))];
        var (shown, raw, calibrated) = (Labels(result.Shown), Pooled(result.Shown.Select(fold => fold.Scores)), Pooled(after));
        var thresholds = protocol.Costs is { } costs
            ? CostThresholds.Best(
                new CostedRows(
                    labels, Array.ConvertAll(scores, calibrator.Apply), Pooled(result.Validation.Select(fold => Missed(costs, fold)))),
                costs.FalseAlarm,
                costs.Review)
            : null;
        return new DecisionResult
        {
            Brier = (ScoreErrors.Brier(shown, raw), ScoreErrors.Brier(shown, calibrated)),
            CalibrationError = (ScoreErrors.Expected(shown, raw), ScoreErrors.Expected(shown, calibrated)),
            Scores = after,
            Line = calibrator.Line,
            Thresholds = thresholds,
            Costs = thresholds is null ? [] : [.. result.Shown.Select((fold, i) => Cost(protocol.Costs!, thresholds, fold, after[i]))],
        };
    }

    /// <summary>A fold's rows with what they cost.</summary>
    internal static CostedRows Rows(DecisionCosts costs, FoldResult fold, double[] scores) =>
        new(fold.Rows.Labels, scores, Missed(costs, fold));

    private static FoldCost Cost(DecisionCosts costs, CostThresholds thresholds, FoldResult fold, double[] scores) =>
        FoldCost.Of(costs, thresholds, fold, Rows(costs, fold, scores));

    private static ICalibrator Calibrator(CalibrationMethod method, float[] labels, double[] scores) => method switch
    {
        CalibrationMethod.Platt => new PlattCalibrator(labels, scores),
        CalibrationMethod.Isotonic => new IsotonicCalibrator(labels, scores),
        _ => new NoCalibrator(),
    };

    private static double[] Missed(DecisionCosts costs, FoldResult fold)
    {
        var column = costs.MissedFeature is { } feature ? fold.Rows.FeatureNames.IndexOf(feature.Value) : -1;
        var missed = new double[fold.Rows.Rows];
        for (var row = 0; row < missed.Length; row++)
        {
            missed[row] = column < 0 ? costs.MissedFraud!.Value : fold.Rows.Row(row)[column];
        }

        return missed;
    }

    private static float[] Labels(ImmutableArray<FoldResult> folds) => [.. folds.SelectMany(fold => fold.Rows.Labels)];

    private static double[] Pooled(IEnumerable<double[]> folds) => [.. folds.SelectMany(fold => fold)];
}

/// <summary>What a fold's decisions cost.</summary>
/// <param name="Cost">With the thresholds.</param>
/// <param name="ApproveAll">Where everything is approved.</param>
/// <param name="Hindsight">With the thresholds that would have been best.</param>
/// <param name="Reviewed">Rows that are reviewed.</param>
/// <param name="Declined">Rows that are declined.</param>
/// <param name="Missed">Frauds that are approved.</param>
/// <param name="FalseAlarms">Good ones that are declined.</param>
public sealed record FoldCost(double Cost, double ApproveAll, double Hindsight, int Reviewed, int Declined, int Missed, int FalseAlarms)
{
    internal static FoldCost Of(DecisionCosts costs, CostThresholds thresholds, FoldResult fold, CostedRows rows)
    {
        var groups = rows.FromTheTop();
        return new(
            thresholds.CostOf(rows, costs.FalseAlarm, costs.Review),
            rows.MissedBelow(double.PositiveInfinity),
            CostThresholds.Best(rows, costs.FalseAlarm, costs.Review).Cost,
            groups.Where(group => group.Score >= thresholds.Review && group.Score < thresholds.Decline)
                .Sum(group => group.Frauds + group.Others),
            groups.Where(group => group.Score >= thresholds.Decline).Sum(group => group.Frauds + group.Others),
            fold.Metrics.Frauds - groups.Where(group => group.Score >= thresholds.Review).Sum(group => group.Frauds),
            groups.Where(group => group.Score >= thresholds.Decline).Sum(group => group.Others));
    }
}
