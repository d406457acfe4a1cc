namespace Streaming.Engine.Deliveries;

/// <summary>What the flushes of a shard have done, for the status. Written by the keeper alone; thread-safe to read.</summary>
internal sealed class ShardCheckpoint
{
    private long _flush;
    private long _beganTicks;
    private long _endedTicks;
    private long _durationTicks;
    private long _entities;
    private long _bytes;

    /// <summary>The number of the manifest that the slot has; 0 for none.</summary>
    public long Flush => Volatile.Read(ref _flush);

    /// <summary>Snapshots written since the node started.</summary>
    public long Entities => Volatile.Read(ref _entities);

    /// <summary>Their bytes.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>How long the last flush took that had something to write; null before it.</summary>
    public TimeSpan? Duration =>
        Volatile.Read(ref _durationTicks) is var ticks and > 0 ? TimeProvider.System.GetElapsedTime(0, ticks) : null;

    /// <summary>How long ago a flush ended after which the slot had all that was confirmed when it began; null before the first.</summary>
    public TimeSpan? Age => Volatile.Read(ref _endedTicks) is var ticks and > 0 ? TimeProvider.System.GetElapsedTime(ticks) : null;

    /// <summary>A flush begins.</summary>
    public void Begin() => Volatile.Write(ref _beganTicks, TimeProvider.System.GetTimestamp());

    /// <summary>A batch is written.</summary>
    public void Wrote(int entities, long bytes)
    {
        Volatile.Write(ref _entities, _entities + entities);
        Volatile.Write(ref _bytes, _bytes + bytes);
    }

    /// <summary>The flush has ended, and the slot vouches for it.</summary>
    /// <param name="flush">The manifest's number.</param>
    /// <param name="isWritten">Whether a manifest was written; else nothing had changed.</param>
    public void End(long flush, bool isWritten)
    {
        var now = TimeProvider.System.GetTimestamp();
        Volatile.Write(ref _flush, flush);
        Volatile.Write(ref _endedTicks, now);
        if (isWritten)
        {
            Volatile.Write(ref _durationTicks, Math.Max(1, now - _beganTicks));
        }
    }
}
