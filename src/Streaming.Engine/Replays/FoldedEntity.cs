// Hot: one look-up of a limit per event of an entity.
using Streaming.Features.Plans;
using Streaming.Features.State;

namespace Streaming.Engine.Replays;

/// <summary>An entity that a fold rebuilds, up to what the live one had applied.</summary>
internal sealed class FoldedEntity
{
    private readonly (int Feed, int Partition, long Offset)[] _limits;

    /// <param name="plan">Its type.</param>
    /// <param name="live">Its live state; null for one that the node does not know.</param>
    public FoldedEntity(EntityPlan plan, byte[]? live)
    {
        Live = live;
        State = new EntityState(plan);
        var known = live is null ? null : StateBytes.Read(plan, live).State;
        IsUnreadable = live is not null && known is null;
        _limits = [.. (known?.AppliedOffsets() ?? []).Select(mark => (mark.Feed.Index, mark.Partition, mark.Offset))];
    }

    /// <summary>The live state; null for an entity that the node does not know.</summary>
    public byte[]? Live { get; }

    /// <summary>Whether the live state's bytes are no state.</summary>
    public bool IsUnreadable { get; }

    /// <summary>The state that the log gives.</summary>
    public EntityState State { get; private set; }

    /// <summary>Whether an event has failed on it, so that its state means nothing.</summary>
    public bool HasFailed { get; set; }

    /// <summary>The last offset of a feed's partition that the live entity has applied; -1 for none.</summary>
    public long Limit(int feed, int partition)
    {
        foreach (var limit in _limits)
        {
            if (limit.Feed == feed && limit.Partition == partition)
            {
                return limit.Offset;
            }
        }

        return -1;
    }

    /// <summary>Begins again, without the event that failed.</summary>
    public void Restart() => (State, HasFailed) = (new EntityState(State.Plan), false);
}
