using System.Collections.Immutable;
using Streaming.Scoring.Drift;

namespace Streaming.Scoring;

/// <summary>Something that turns a feature vector into a score. Thread-safe; a call allocates nothing and does not wait.</summary>
public interface IScoringModel
{
    /// <summary>Which model exactly: equal versions give equal scores.</summary>
    string Version { get; }

    /// <summary>How each feature, and last the score, was distributed in training; empty where that is not known.</summary>
    ImmutableArray<BaselineHistogram> Baseline => [];

    /// <summary>The score of one vector; NaN in it is a missing value.</summary>
    float Score(ReadOnlySpan<float> features);
}
