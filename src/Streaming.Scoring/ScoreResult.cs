using Streaming.Scoring.Definitions;

namespace Streaming.Scoring;

/// <summary>The result of scoring one request.</summary>
/// <param name="Score">From 0 to 1.</param>
/// <param name="Decision">The decision by the thresholds.</param>
/// <param name="Reasons">Which of <see cref="ModelDefinition.Reasons"/> hold: bit i is rule i. None when the decision is approve.</param>
/// <param name="IsFallback">Whether the declared fallback answered instead of the model.</param>
public readonly record struct ScoreResult(double Score, Decision Decision, ulong Reasons, bool IsFallback)
{
    /// <summary>Why it is a fallback.</summary>
    public FallbackCause Cause { get; init; }
}
