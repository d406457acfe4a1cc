using Streaming.Features.Plans;
using Streaming.Features.Serving;
using Streaming.Features.State;

namespace Streaming.Engine.Replays;

/// <summary>What the log gives for a read that was answered.</summary>
/// <param name="Skip">Why it gives nothing; null where it does.</param>
/// <param name="Outcome">The outcome of the read.</param>
/// <param name="Values">The values, by the plan's slots; they mean something after <see cref="ReadOutcome.Done"/>.</param>
public sealed record RecomputedRead(ParitySkip? Skip, ReadOutcome Outcome, FeatureValue[] Values);
