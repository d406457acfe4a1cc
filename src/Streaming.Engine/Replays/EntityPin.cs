using Streaming.Engine.Checkpoints;
using Streaming.Features.Plans;
using Streaming.Features.Serving;
using Streaming.Log;

namespace Streaming.Engine.Replays;

/// <summary>What an entity had applied, and what the sources had confirmed just before.</summary>
/// <param name="life">
/// The engine, and how many entities it had lost: while both are the same, what an entity has applied only grows.
/// </param>
/// <param name="applied">What it had applied.</param>
/// <param name="confirmed">All events before these marks were applied by every entity that they concern.</param>
internal sealed class EntityPin(
    (object Engine, long Losses) life, IReadOnlyList<(EntityFeed Feed, int Partition, long Offset)> applied, Marks confirmed) : ReadPin
{
    private readonly (object Engine, long Losses) _life = life;
    private readonly IReadOnlyList<(EntityFeed Feed, int Partition, long Offset)> _applied = applied;

    /// <inheritdoc/>
    public override bool Holds(ReadPin? later) =>
        later is EntityPin pin && pin._life == _life && pin._applied.SequenceEqual(_applied);

    /// <summary>
    /// The last offset of a feed's partition that the read has seen. Where the entity has nothing up to a confirmed offset, there must be
    /// nothing of it.
    /// </summary>
    public long Limit(EntityFeed feed, int partition) =>
        Math.Max(AppliedOf(feed, partition), (confirmed[new TopicPartition(feed.Source.Name, partition)]?.Offset ?? 0) - 1);

    /// <summary>The last offset of a feed's partition that the entity had applied; -1 for none.</summary>
    public long AppliedOf(EntityFeed feed, int partition)
    {
        foreach (var mark in _applied)
        {
            if (mark.Feed == feed && mark.Partition == partition)
            {
                return mark.Offset;
            }
        }

        return -1;
    }
}
