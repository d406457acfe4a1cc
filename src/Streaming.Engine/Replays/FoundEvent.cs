using System.Collections.Immutable;
using Streaming.Features.Plans;
using Streaming.Ingest;

namespace Streaming.Engine.Replays;

/// <summary>An event of the log.</summary>
/// <param name="Place">Where it is.</param>
/// <param name="Id">Its id; null where it cannot be read.</param>
/// <param name="Feeds">The entities that it feeds; none where it cannot be read, or is a dead letter by today's rules.</param>
/// <param name="Fault">Why it is a dead letter by today's rules; null if it is not.</param>
public sealed record FoundEvent(EventPlace Place, string? Id, ImmutableArray<FedEntity> Feeds, string? Fault);

/// <summary>An entity that an event feeds.</summary>
/// <param name="Feed">By which feed.</param>
/// <param name="Key">Its key, UTF-8.</param>
/// <param name="TimeMillis">The event time that counts for it.</param>
public sealed record FedEntity(EntityFeed Feed, ReadOnlyMemory<byte> Key, long TimeMillis);
