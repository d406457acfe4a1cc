using System.Collections.Immutable;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Features.Serving;

namespace Streaming.Scoring.Turns;

/// <summary>A copy of an answer that was drawn to be compared with the log.</summary>
/// <param name="Reads">The reads that it rests on.</param>
/// <param name="Score">What was made of them; null where the features were the answer.</param>
public sealed record SampledAnswer(ImmutableArray<PinnedRead> Reads, SampledScore? Score);

/// <summary>A score that was answered.</summary>
/// <param name="Scorer">The version of the model that answered.</param>
/// <param name="Request">The request, in row 0.</param>
/// <param name="Values">What was read, by the service's slots.</param>
/// <param name="Vector">What the model was given.</param>
/// <param name="Result">The answer.</param>
public sealed record SampledScore(
    Scorer Scorer, EventBatch Request, FeatureValue[] Values, float[] Vector, ScoreResult Result);
