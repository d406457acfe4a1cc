using Streaming.Engine.Deliveries;
using Streaming.Features.Plans;
using Streaming.Features.State;

namespace Streaming.Engine.Entities;

/// <summary>The answer to a query that has left its process.</summary>
/// <param name="Query">The query's number.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Values">The values in the order of the plan's slots; empty unless the outcome is <see cref="ReadOutcome.Done"/>.</param>
/// <param name="Fault">Why the read failed; null if it did not.</param>
internal sealed record EntityAnswer(long Query, ReadOutcome Outcome, FeatureValue[] Values, string? Fault) : IWireMessage;
