using Streaming.Persistence.Redis.Connection;

namespace Streaming.Persistence.Redis.Embedded;

/// <summary>How an <see cref="EmbeddedRedis"/> works; the defaults are those of reference.conf.</summary>
/// <param name="Directory">Where its files lie; made when missing, for its owner alone. For one process at a time.</param>
public sealed record EmbeddedRedisSettings(string Directory)
{
    /// <summary>Port on 127.0.0.1; 0 takes a free one.</summary>
    public int Port { get; init; } = RedisDefaults.Number("embedded.port");

    /// <summary>Bytes of memory for the data; what is beyond lies on the disk.</summary>
    public long MemoryBytes { get; init; } = RedisDefaults.LongNumber("embedded.memory-bytes");

    /// <summary>Whether a write is answered only when its log has been written to the file.</summary>
    public bool WaitForLog { get; init; } = RedisDefaults.Flag("embedded.wait-for-log");

    /// <summary>How often all data are written anew and the log is cut.</summary>
    public TimeSpan CheckpointInterval { get; init; } = RedisDefaults.Span("embedded.checkpoint-interval");

    /// <summary>
    /// Bytes of the log, rounded down to a power of two, above which it is cut before the interval is over: a start reads all of it.
    /// </summary>
    public long LogBytesMax { get; init; } = RedisDefaults.LongNumber("embedded.log-bytes-max");

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Directory);
        ArgumentOutOfRangeException.ThrowIfNegative(Port);
        ArgumentOutOfRangeException.ThrowIfLessThan(MemoryBytes, 1L << 25);
        ArgumentOutOfRangeException.ThrowIfLessThan(CheckpointInterval, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(LogBytesMax, 1L << 25);
    }
}
