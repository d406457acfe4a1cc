using System.Collections.Immutable;

namespace Streaming.Offline.Training.Protocols;

/// <summary>What became of a candidate.</summary>
public sealed record CandidateResult
{
    /// <summary>The candidate.</summary>
    public required TrainingCandidate Candidate { get; init; }

    /// <summary>Its features, in order.</summary>
    public required ImmutableArray<string> Features { get; init; }

    /// <summary>Points that were tried, one for each look at the validation folds.</summary>
    public required ImmutableArray<TrialPoint> Tried { get; init; }

    /// <summary>What was chosen, by the protocol's metric.</summary>
    public required TrialPoint Chosen { get; init; }

    /// <summary>The validation folds with what was chosen.</summary>
    public required ImmutableArray<FoldResult> Validation { get; init; }

    /// <summary>The test folds with what was chosen; empty where they were not looked at.</summary>
    public required ImmutableArray<FoldResult> Test { get; init; }

    /// <summary>How much each feature matters, in the order of the features: the mean of the validation folds' shares.</summary>
    public required ImmutableArray<double> Importance { get; init; }

    /// <summary>Chosen anew for each metric, as the handbook does, and the test folds' figures of that metric alone.</summary>
    public required ImmutableArray<MetricChoice> ByMetric { get; init; }

    /// <summary>What each group of features brings on the validation folds; empty where there are no groups.</summary>
    public required ImmutableArray<AblationRow> Ablation { get; init; }

    /// <summary>The test folds, or where they were not looked at the validation folds.</summary>
    public ImmutableArray<FoldResult> Shown => Test.IsEmpty ? Validation : Test;

    /// <summary>The means of the folds that are shown.</summary>
    public MetricSummary Mean => MetricSummary.Mean([.. Shown.Select(fold => MetricSummary.Of(fold.Metrics))]);

    /// <summary>The population deviations of the folds that are shown.</summary>
    public MetricSummary Deviation => MetricSummary.Deviation([.. Shown.Select(fold => MetricSummary.Of(fold.Metrics))]);
}

/// <summary>Parameters that are best in one metric on the validation folds.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Chosen">The parameters.</param>
/// <param name="Mean">The metric's mean over the test folds.</param>
/// <param name="Deviation">Its population deviation.</param>
public sealed record MetricChoice(ChosenMetric Metric, TrialPoint Chosen, double Mean, double Deviation);
