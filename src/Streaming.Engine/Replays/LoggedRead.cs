using Streaming.Engine.Checkpoints;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Features.Serving;
using Streaming.Features.State;

namespace Streaming.Engine.Replays;

/// <summary>Reads that an answer of the past rests on, for <see cref="ReadRecomputation"/>.</summary>
public static class LoggedRead
{
    /// <summary>A read of an entity that had applied these events, and nothing of a partition that is not named.</summary>
    /// <param name="plan">What was read.</param>
    /// <param name="key">Of which entity, UTF-8.</param>
    /// <param name="atMillis">At which event time.</param>
    /// <param name="request">The hypothetical event of the read, in row 0; null for none.</param>
    /// <param name="known">The last event of each partition that it had applied; an entity may also be said to have applied all up to
    /// an offset that is no event of its own.</param>
    public static PinnedRead Of(EntityReadPlan plan, byte[] key, long atMillis, EventBatch? request, ReadOnlySpan<KnownOffset> known)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var applied = new List<(EntityFeed Feed, int Partition, long Offset)>();
        foreach (var each in known)
        {
            applied.Add((plan.Entity.Feeds[each.Feed], each.Partition, each.Offset));
        }

        return new PinnedRead(plan, key, atMillis, request, [], new EntityPin((new object(), 0), applied, Marks.None));
    }
}
