using System.Collections.Immutable;
using Streaming.Features.Plans;
using Streaming.Features.State;

namespace Streaming.Engine.Replays;

/// <summary>How far an entity is: in memory, in its snapshot, and what its shard's slot vouches for.</summary>
/// <param name="Generation">The generation that this is of.</param>
/// <param name="Shard">The entity's shard.</param>
/// <param name="Memory">What it has applied in a running node; null where no node runs, or it has had no events.</param>
/// <param name="Snapshot">What its snapshot has; null for none.</param>
/// <param name="Flush">The newest flush that vouches for the slot; 0 for none.</param>
/// <param name="Durable">What that flush vouches for.</param>
public sealed record EntityTrace(
    long Generation,
    int Shard,
    ImmutableArray<AppliedMark>? Memory,
    ImmutableArray<AppliedMark>? Snapshot,
    long Flush,
    ImmutableArray<DurableMark> Durable)
{
    /// <summary>What an entity has applied, from the bytes of its state; null where they cannot be read.</summary>
    public static ImmutableArray<AppliedMark>? AppliedOf(EntityPlan plan, ReadOnlyMemory<byte>? bytes) =>
        bytes is { } given && StateBytes.Read(plan, given.Span).State is { } state
            ? [
                .. state.AppliedOffsets()
                    .Select(mark => new AppliedMark(mark.Feed.Name, mark.Partition, mark.Offset, state.TooOldMillis(mark.Feed))),
            ]
            : null;
}

/// <summary>How far an entity has applied a partition.</summary>
/// <param name="Feed">The feed, <c>source.key@time</c>.</param>
/// <param name="Partition">The partition of its source.</param>
/// <param name="Offset">The last offset.</param>
/// <param name="TooOldMillis">The newest event time that the entity keeps no more.</param>
public sealed record AppliedMark(string Feed, int Partition, long Offset, long TooOldMillis);

/// <summary>How far a slot vouches for a partition.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Offset">All before it is in the slot.</param>
public sealed record DurableMark(string Topic, int Partition, long Offset);
