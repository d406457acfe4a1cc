using System.Collections.Concurrent;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>
/// The schema ids of a partition's events that the registry has ever given, also before a restart: each is a consumer group of its own
/// with any offset committed. A registry without such an id has lost it, and events that carry it counted before. Decoding adds ids
/// while the tick commits; otherwise used by one caller at a time.
/// </summary>
internal sealed class KnownSchemas(IEventLog log, string consumerGroup, TopicPartition partition, TimeProvider time)
{
    /// <summary>Brokers delete a group days after its last commit; these must outlive the judged offset, which relies on them.</summary>
    public static readonly TimeSpan RenewEvery = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<int, (GroupOffset Offset, long? CommittedTicks)> _known = [];

    /// <summary>The registry has given this id's schema, and events of it are decoded.</summary>
    public void Add(int schemaId) => _known.TryAdd(schemaId, (OffsetOf(schemaId), null));

    /// <summary>Whether the registry had given it before the last commit.</summary>
    /// <exception cref="EventLogException">The log is unavailable.</exception>
    public async Task<bool> WasKnownAsync(int schemaId, CancellationToken cancellation) =>
        await OffsetOf(schemaId).ReadAsync(cancellation) > 0;

    /// <summary>
    /// Commits the ids that are not committed yet, or were long ago. Call it before the judged offset is committed: the ids of all events
    /// before that one must be known.
    /// </summary>
    /// <exception cref="EventLogException">The log is unavailable.</exception>
    public async Task CommitAsync(long nextOffset, CancellationToken cancellation)
    {
        foreach (var (schemaId, (offset, ticks)) in _known)
        {
            if (nextOffset > 0 && (ticks is not { } committed || time.GetElapsedTime(committed) >= RenewEvery))
            {
                await offset.AdvanceAsync(nextOffset, cancellation);
                _known[schemaId] = (offset, time.GetTimestamp());
            }
        }
    }

    private GroupOffset OffsetOf(int schemaId) =>
        new(log, FormattableString.Invariant($"{consumerGroup}-schema-{schemaId}"), partition);
}
