using Streaming.Contracts.Schemas;
using Streaming.Features.Plans;
using Streaming.Features.Serving;
using Streaming.Features.State;
using Streaming.Log;

namespace Streaming.Engine.Replays;

/// <summary>The state that the log gives for one read that was answered: of what the entity had applied then, and nothing else.</summary>
internal sealed class ReadFold(PinnedRead read)
{
    private readonly EntityPin _pin = (EntityPin)read.Pin;

    /// <summary>The entity's type.</summary>
    public EntityPlan Entity => read.Plan.Entity;

    /// <summary>The entity.</summary>
    public byte[] Key => read.Key;

    /// <summary>The state so far.</summary>
    public EntityState State { get; private set; } = new(read.Plan.Entity);

    /// <summary>Whether the log has not all that the read may rest on.</summary>
    public bool IsCut { get; set; }

    /// <summary>Whether an event has failed on it, so that its state means nothing.</summary>
    public bool HasFailed { get; set; }

    /// <summary>The last offset of a feed's partition that is folded.</summary>
    public long Limit(EntityFeed feed, int partition) => _pin.Limit(feed, partition);

    /// <summary>
    /// The timestamp that no event which the read may rest on is before; 0 for none. No event is further ahead of its record than the
    /// tolerance.
    /// </summary>
    public long SinceMillis(EntityFeed feed, TimeSpan futureTolerance) => SourceSpan.Of(feed).Millis is { } span
        ? Math.Max(0, read.AtMillis - span - (long)futureTolerance.TotalMilliseconds)
        : 0;

    /// <summary>Whether a partition may have events of the entity: where it had some, and where records of its key are.</summary>
    public bool Touches(EntityFeed feed, int partition, int partitions) =>
        _pin.AppliedOf(feed, partition) >= 0
        || EventSchemas.RecordFieldsOf(feed.Source.Name).Key != feed.Source.Fields[feed.KeyField].Name
        || Murmur2.Partition(Key, partitions) == partition;

    /// <summary>Begins again, without the event that failed.</summary>
    public void Restart() => (State, HasFailed) = (new EntityState(Entity), false);

    /// <summary>Reads what was read.</summary>
    public RecomputedRead Read()
    {
        var values = new FeatureValue[read.Plan.OutputLength];
        if (IsCut || HasFailed)
        {
            return new RecomputedRead(IsCut ? ParitySkip.ShortHistory : ParitySkip.Failed, default, values);
        }

        return new RecomputedRead(null, State.ReadAlone(read.Plan, read.AtMillis, read.Request, 0, values), values);
    }
}
