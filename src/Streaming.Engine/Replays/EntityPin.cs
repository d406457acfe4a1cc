using Streaming.Engine.Checkpoints;
using Streaming.Features.Plans;
using Streaming.Features.Serving;
using Streaming.Features.State;
using Streaming.Log;

namespace Streaming.Engine.Replays;

/// <summary>What an entity in memory had applied, and what the sources had confirmed just before.</summary>
/// <param name="state">Its state: another object is another life of the entity, or another engine's.</param>
/// <param name="applied">What it had applied; offsets of one state only grow.</param>
/// <param name="confirmed">All events before these marks were applied by every entity that they concern.</param>
internal sealed class EntityPin(
    EntityState state, IReadOnlyList<(EntityFeed Feed, int Partition, long Offset)> applied, Marks confirmed) : ReadPin
{
    private const int Attempts = 4;
    private EntityState? _state = state;

    /// <summary>The pin of a state; null where its owner writes all the time.</summary>
    public static EntityPin? Of(EntityState state, Marks confirmed)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (state.TryAppliedOffsets() is { } applied)
            {
                return new EntityPin(state, applied, confirmed);
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public override bool Closes(ReadPin? later)
    {
        var isSame = later is EntityPin pin && pin._state == _state && pin.Applied.SequenceEqual(Applied);
        _state = null;
        return isSame;
    }

    /// <summary>
    /// The last offset of a feed's partition that the read has seen. Where the entity has nothing up to a confirmed offset, there must be
    /// nothing of it.
    /// </summary>
    public long Limit(EntityFeed feed, int partition) =>
        Math.Max(AppliedOf(feed, partition), (confirmed[new TopicPartition(feed.Source.Name, partition)]?.Offset ?? 0) - 1);

    /// <summary>The last offset of a feed's partition that the entity had applied; -1 for none.</summary>
    public long AppliedOf(EntityFeed feed, int partition)
    {
        foreach (var mark in Applied)
        {
            if (mark.Feed == feed && mark.Partition == partition)
            {
                return mark.Offset;
            }
        }

        return -1;
    }

    private IReadOnlyList<(EntityFeed Feed, int Partition, long Offset)> Applied { get; } = applied;
}
