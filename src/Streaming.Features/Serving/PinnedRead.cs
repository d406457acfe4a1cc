using Streaming.Features.Events;
using Streaming.Features.Plans;

namespace Streaming.Features.Serving;

/// <summary>A read that was answered, with all that computing it again takes.</summary>
/// <param name="Plan">What was read.</param>
/// <param name="Key">Of which entity, UTF-8.</param>
/// <param name="AtMillis">At which event time.</param>
/// <param name="Request">The hypothetical event of the read, in row 0; null for none.</param>
/// <param name="Values">What was answered, by the plan's slots; what is at other places is not of this read.</param>
/// <param name="Pin">What the entity had applied then.</param>
public sealed record PinnedRead(
    EntityReadPlan Plan, byte[] Key, long AtMillis, EventBatch? Request, FeatureValue[] Values, ReadPin Pin);
