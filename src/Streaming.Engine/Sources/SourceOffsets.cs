using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>
/// The offsets that a source commits: what is applied, for lag tools; the schema ids that the registry has given; and the offset
/// before which all dead letters are written. Used by one caller at a time.
/// </summary>
internal sealed class SourceOffsets(IEventLog log, string consumerGroup, ulong fingerprint, TopicPartition partition, TimeProvider time)
{
    private readonly GroupOffset _consumed = new(log, consumerGroup, partition);
    private readonly GroupOffset _judged = new(log, $"{consumerGroup}-judged-{fingerprint:x16}", partition);

    /// <summary>The schema ids that the registry has given.</summary>
    public KnownSchemas Schemas { get; } = new(log, consumerGroup, partition, time);

    /// <summary>The offset before which all dead letters are written.</summary>
    /// <exception cref="EventLogException">The log is unavailable.</exception>
    public Task<long> ReadJudgedAsync(CancellationToken cancellation) => _judged.ReadAsync(cancellation);

    /// <summary>Commits that all before an offset is applied. The schemas come before the judged offset, which relies on them.</summary>
    /// <exception cref="EventLogException">The log is unavailable.</exception>
    public async Task CommitAsync(long nextOffset, CancellationToken cancellation)
    {
        await _consumed.AdvanceAsync(nextOffset, cancellation);
        await Schemas.CommitAsync(nextOffset, cancellation);
        await _judged.AdvanceAsync(nextOffset, cancellation);
    }
}
