using Akka.Actor;
using Streaming.Features.Plans;

namespace Streaming.Engine.Deliveries;

/// <summary>An entity has not applied an earlier delivery: the source begins a new run.</summary>
internal sealed record DeliveryGap(DeliveryRun Run, string Entity, long AppliedOffset, long PreviousOffset)
    : INoSerializationVerificationNeeded;

/// <summary>
/// The shard vouched for less when it opened than what the run has skipped: the source begins a new run, further back.
/// </summary>
internal sealed record RunNotAdmitted(DeliveryRun Run, string Entity) : INoSerializationVerificationNeeded;

/// <summary>An event made its entity fail: the source begins a new run, in which the feed skips the event.</summary>
internal sealed record DeliveryFailed(DeliveryRun Run, string Entity, EntityFeed Feed, long Offset, Exception Cause)
    : INoSerializationVerificationNeeded;

/// <summary>An entity that had applied events of the source has lost its state: the source begins a new run.</summary>
internal sealed record EntityLost(string Entity) : INoSerializationVerificationNeeded;
