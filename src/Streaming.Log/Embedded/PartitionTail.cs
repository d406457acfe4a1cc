namespace Streaming.Log.Embedded;

/// <summary>Where a partition ends, and what the transaction is about to add there.</summary>
internal sealed class PartitionTail(long partitionId)
{
    private const int BufferBytesKept = 256 << 10;

    public long PartitionId { get; } = partitionId;

    public long NextOffset { get; set; }

    /// <summary>The highest timestamp of any record so far.</summary>
    public long TimestampMax { get; set; } = long.MinValue;

    /// <summary>Whether the transaction has it on its list.</summary>
    public bool Touched { get; set; }

    public RecordBatch Pending { get; private set; } = new(16, 512);

    public (long Min, long Max) PendingTimestamps()
    {
        var (min, max) = (long.MaxValue, long.MinValue);
        foreach (var timestamp in Pending.Timestamps.AsSpan(0, Pending.Count))
        {
            min = Math.Min(min, timestamp);
            max = Math.Max(max, timestamp);
        }

        return (min, max);
    }

    /// <summary>Empties it and keeps its memory for the next transaction, unless it is large.</summary>
    public void ClearPending()
    {
        if (Pending.Buffer.Length > BufferBytesKept)
        {
            Pending = new RecordBatch(16, 512);
        }

        Pending.Clear();
    }
}
