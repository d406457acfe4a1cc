using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>
/// The committed offset of one consumer group in one partition. A run that reads again is behind what is committed, and so may this
/// node be behind another that reads the same log for the same group: a commit never goes back. Used by one caller at a time.
/// </summary>
internal sealed class GroupOffset(IEventLog log, string group, TopicPartition partition)
{
    private long _committed;

    /// <summary>What is committed; 0 for nothing. An offset beyond the end is of another life of the topic and says nothing about this one.</summary>
    /// <exception cref="EventLogException">The log is away.</exception>
    public async Task<long> ReadAsync(CancellationToken cancellation)
    {
        // First what is committed, then the end: what another node commits in between is not beyond it.
        var committed = await log.CommittedOffsetAsync(group, partition, cancellation) ?? 0;
        return committed <= await log.EndOffsetAsync(partition, cancellation) ? committed : 0;
    }

    /// <summary>Commits an offset, unless this or a later one is.</summary>
    /// <exception cref="EventLogException">The log is away.</exception>
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
