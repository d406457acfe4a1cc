using Streaming.Features.Plans;

namespace Streaming.Engine.Deliveries;

/// <summary>
/// All deliveries of a bundle are applied. Only where the source is not in this process: there entities confirm to the read itself.
/// </summary>
/// <param name="Run">The run that it was of.</param>
/// <param name="Read">The number of the read.</param>
/// <param name="Delivery">Which of the read's deliveries the first one is.</param>
/// <param name="Deliveries">How many they are.</param>
/// <param name="Late">Events that were too late for every window of the entity.</param>
/// <param name="Duplicates">Events that the entity had before.</param>
internal sealed record DeliveryConfirmed(RunId Run, long Read, int Delivery, int Deliveries, long Late, long Duplicates) : IWireMessage;

/// <summary>An entity has not applied an earlier delivery: the source begins a new run.</summary>
internal sealed record DeliveryGap(RunId Run, string Entity, long AppliedOffset, long PreviousOffset) : IWireMessage;

/// <summary>
/// The shard was opened again, or has lost events of the partition, since the run began: the source begins a new run.
/// </summary>
internal sealed record RunNotAdmitted(RunId Run, string Entity) : IWireMessage;

/// <summary>An event made its entity fail: the source begins a new run, in which the feed skips the event.</summary>
/// <param name="Entity">The entity's type and masked key, for messages.</param>
/// <param name="Feed">The feed that brought the event.</param>
/// <param name="Offset">The event.</param>
/// <param name="Cause">The failure, its type and its message.</param>
internal sealed record DeliveryFailed(string Entity, EntityFeed Feed, long Offset, string Cause) : IWireMessage;

/// <summary>An entity that had applied events of the source has lost its state: the source begins a new run.</summary>
internal sealed record EntityLost(string Entity) : IWireMessage;
