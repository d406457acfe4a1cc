namespace Streaming.Features.State;

/// <summary>The last event of one partition that an entity had applied.</summary>
/// <param name="Feed">The feed's index in <see cref="Plans.EntityPlan.Feeds"/>.</param>
/// <param name="Partition">The partition of the feed's topic.</param>
/// <param name="Offset">The event's offset.</param>
public readonly record struct KnownOffset(int Feed, int Partition, long Offset);
