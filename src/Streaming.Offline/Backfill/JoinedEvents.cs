using Streaming.Features.Events;
using Streaming.Features.Plans;

namespace Streaming.Offline.Backfill;

/// <summary>The events of one source, other than the spine's own, that a point-in-time join merges in.</summary>
/// <param name="Source">What they are.</param>
/// <param name="TimeField">The field of their event time.</param>
/// <param name="Chunks">All of them, in the order in which the join comes to them (<see cref="EventChunk.Times"/>).</param>
public sealed record JoinedEvents(EventSource Source, int TimeField, IEnumerable<EventChunk> Chunks)
{
    /// <summary>Whether they are what a feed delivers.</summary>
    internal bool Feed(EntityFeed feed) => feed.Source == Source && feed.TimeField == TimeField;
}
