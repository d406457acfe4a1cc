namespace Streaming.Log.Streams;

/// <summary>One read of a partition.</summary>
/// <param name="Records">What was read; none where the log's end was reached by offsets that hold no records.</param>
/// <param name="NextOffset">Where the next read begins.</param>
public readonly record struct PartitionRead(RecordBatch Records, long NextOffset);
