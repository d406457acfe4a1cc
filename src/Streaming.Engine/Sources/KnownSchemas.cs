using System.Collections.Concurrent;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>
/// Which schema ids of a partition's events the registry has ever given, also before a restart: each is a consumer group of its own with
/// any offset committed. A registry that does not have such an id has lost it, and events that carry it counted before. Decoding adds
/// ids while the tick commits; otherwise used by one caller at a time.
/// </summary>
internal sealed class KnownSchemas(IEventLog log, string consumerGroup, TopicPartition partition, TimeProvider time)
{
    /// <summary>Brokers forget a group some days after its last commit, and would forget these before the judged offset, which counts on them.</summary>
    public static readonly TimeSpan RenewEvery = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<int, (GroupOffset Offset, long? CommittedTicks)> _known = [];

    /// <summary>The registry has given this id's schema, and events of it are decoded.</summary>
    public void Add(int schemaId) => _known.TryAdd(schemaId, (OffsetOf(schemaId), null));

    /// <summary>Whether the registry had given it before the last commit.</summary>
    /// <exception cref="EventLogException">The log is away.</exception>
    public async Task<bool> WasKnownAsync(int schemaId, CancellationToken cancellation) => await OffsetOf(schemaId).ReadAsync(cancellation) > 0;

    /// <summary>Commits what is not committed yet, or long ago. Before the judged offset: what counts before that must be known.</summary>
    /// <exception cref="EventLogException">The log is away.</exception>
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

    private GroupOffset OffsetOf(int schemaId) => new(log, FormattableString.Invariant($"{consumerGroup}-schema-{schemaId}"), partition);
}
