using Streaming.Features.Plans;

namespace Streaming.Features.State;

/// <content>What has been applied, and what would be late.</content>
public sealed partial class EntityState
{
    /// <summary>The offset that is being applied, or was last: after an exception, the one that caused it. For the owner.</summary>
    public long ApplyingOffset => _applying;

    /// <summary>The last offset applied of each feed's partitions that have one. For the owner.</summary>
    public IEnumerable<(EntityFeed Feed, int Partition, long Offset)> AppliedOffsets()
    {
        for (var i = 0; i < _applied.Count; i++)
        {
            var (feed, partition, offset) = _applied[i];
            yield return (Plan.Feeds[feed], partition, offset);
        }
    }

    /// <summary>As <see cref="AppliedOffsets()"/>, from any thread; null while the owner writes.</summary>
    public IReadOnlyList<(EntityFeed Feed, int Partition, long Offset)>? TryAppliedOffsets()
    {
        var version = Volatile.Read(ref _version);
        var copy = _applied.Copy();
        return (version & 1) != 0 || Changed(version)
            ? null
            : [.. Enumerable.Range(0, copy.Count).Select(i => (Plan.Feeds[copy[i].Feed], copy[i].Partition, copy[i].Offset))];
    }

    /// <summary>As <see cref="AppliedOffsets()"/>, from any thread, without allocation.</summary>
    /// <returns>How many there are; nothing is written where that is more than there is room for. -1 while the owner writes.</returns>
    public int TryCopyApplied(Span<KnownOffset> known)
    {
        var version = Volatile.Read(ref _version);
        var count = _applied.Count;
        for (var i = 0; count <= known.Length && i < count; i++)
        {
            var (feed, partition, offset) = _applied[i];
            known[i] = new KnownOffset(feed, partition, offset);
        }

        return (version & 1) != 0 || Changed(version) ? -1 : count;
    }

    /// <summary>The newest event time that no view of a feed keeps any more: an event of it would be late. For the owner.</summary>
    public long TooOldMillis(EntityFeed feed)
    {
        var newest = long.MaxValue;
        foreach (var view in feed.Views)
        {
            var seen = _views[view].Newest;
            newest = Math.Min(newest, seen == long.MinValue ? seen : seen - Plan.Views[view].RetentionMillis);
        }

        return newest;
    }
}
