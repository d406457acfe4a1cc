using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>
/// The committed offset of one consumer group in one partition. A commit never moves it back: a run that reads again is behind it, and
/// so may this node be, when another one reads for the same group. Used by one caller at a time.
/// </summary>
internal sealed class GroupOffset(IEventLog log, string group, TopicPartition partition)
{
    private long _committed;

    /// <summary>The committed offset; 0 for none. One beyond the end is of a deleted topic of the same name, and counts as none.</summary>
    /// <exception cref="EventLogException">The log is unavailable.</exception>
    public async Task<long> ReadAsync(CancellationToken cancellation)
    {
        // The committed offset first: one that another node commits in between is then not beyond the end.
        var committed = await log.CommittedOffsetAsync(group, partition, cancellation) ?? 0;
        return committed <= await log.EndOffsetAsync(partition, cancellation) ? committed : 0;
    }

    /// <summary>Commits an offset, unless it or a later one is committed.</summary>
    /// <exception cref="EventLogException">The log is unavailable.</exception>
    public async Task AdvanceAsync(long nextOffset, CancellationToken cancellation)
    {
        if (nextOffset <= _committed)
        {
            return;
        }

        var committed = await ReadAsync(cancellation);
        if (committed < nextOffset)
        {
            await log.CommitAsync(group, partition, nextOffset, cancellation);
            committed = nextOffset;
        }

        _committed = committed;
    }
}
