using Streaming.Features.State;

namespace Streaming.Scoring.Circuits;

/// <summary>What became of asking an entity.</summary>
/// <param name="Outcome">What was read.</param>
/// <param name="Cause">Why nothing was; none if something was.</param>
internal readonly record struct EntityAnswer(ReadOutcome Outcome, FallbackCause Cause);
