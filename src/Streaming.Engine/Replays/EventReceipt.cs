using Streaming.Ingest;

namespace Streaming.Engine.Replays;

/// <summary>An entity's receipt for an event.</summary>
/// <param name="Fate">What became of it.</param>
/// <param name="Flush">The newest flush that vouches for that; 0 where none does yet.</param>
/// <param name="Shard">The entity's shard.</param>
public sealed record EventReceipt(EventFate Fate, long Flush, int Shard)
{
    /// <summary>The receipt of an entity that an event feeds.</summary>
    /// <param name="place">Where the event is.</param>
    /// <param name="entity">The entity.</param>
    /// <param name="trace">How far the entity is.</param>
    /// <param name="isDead">Whether a dead letter says that it did not count for the entity.</param>
    /// <param name="isDuplicate">Whether its id came before (<see cref="DuplicateSearch"/>).</param>
    public static EventReceipt Of(EventPlace place, FedEntity entity, EntityTrace trace, bool isDead, bool isDuplicate)
    {
        var memory = Mark(trace.Memory);
        var snapshot = Mark(trace.Snapshot);
        var isVouchedFor = trace.Durable.Any(
            mark => mark.Topic == place.Topic && mark.Partition == place.Partition && mark.Offset > place.Offset);
        var flush = isVouchedFor ? trace.Flush : 0;
        if (isDead)
        {
            return new EventReceipt(EventFate.DeadLettered, flush, trace.Shard);
        }

        var fate = (memory ?? snapshot) is { } passed
            ? isDuplicate ? EventFate.Duplicate : entity.TimeMillis > passed.TooOldMillis ? EventFate.Applied : EventFate.OutOfWindows
            : !isVouchedFor ? EventFate.Ahead : isDuplicate ? EventFate.Duplicate : EventFate.OutOfWindows;
        return new EventReceipt(fate, flush, trace.Shard);

        AppliedMark? Mark(IEnumerable<AppliedMark>? marks) => marks?.FirstOrDefault(
            mark => mark.Feed == entity.Feed.Name && mark.Partition == place.Partition && mark.Offset >= place.Offset);
    }
}
