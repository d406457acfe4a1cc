using System.Collections.Immutable;
using Streaming.Scoring.Contributions;
using Streaming.Scoring.Drift;

namespace Streaming.Scoring;

/// <summary>Something that turns a feature vector into a score. Thread-safe; a call allocates nothing and does not wait.</summary>
public interface IScoringModel
{
    /// <summary>Which model exactly: equal versions give equal scores.</summary>
    string Version { get; }

    /// <summary>How each feature, and last the score, was distributed in training; empty where that is not known.</summary>
    ImmutableArray<BaselineHistogram> Baseline => [];

    /// <summary>What each feature contributes to a score; null where there is no exact method for the model.</summary>
    ScoreContributions? Contributions => null;

    /// <summary>Why there are no contributions; null where there are.</summary>
    string? ContributionsFault => Contributions is null ? "there is no exact method for this model" : null;

    /// <summary>The score of one vector; NaN in it is a missing value.</summary>
    float Score(ReadOnlySpan<float> features);
}
