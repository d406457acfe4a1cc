using Streaming.Scoring.Definitions;

namespace Streaming.Scoring;

/// <summary>The result of scoring one request.</summary>
/// <param name="Score">From 0 to 1.</param>
/// <param name="Decision">What the thresholds say to it.</param>
/// <param name="Reasons">Which of <see cref="ModelDefinition.Reasons"/> hold: bit i is rule i. None when the decision is approve.</param>
/// <param name="IsFallback">Whether the declared fallback stands in for the model's answer.</param>
public readonly record struct ScoreResult(double Score, Decision Decision, ulong Reasons, bool IsFallback);
