namespace Streaming.Log;

/// <summary>How much a partition holds.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="FirstOffset">The first retained offset.</param>
/// <param name="EndOffset">The offset behind the last record.</param>
/// <param name="Bytes">What its records take, to within 256 KiB; null where the log does not say.</param>
/// <param name="FirstMillis">The timestamp of the first retained record, the least of its row; null without records.</param>
public sealed record PartitionSize(TopicPartition Partition, long FirstOffset, long EndOffset, long? Bytes, long? FirstMillis)
{
    /// <summary>Retained records; with transactions, or a compacted topic, at most so many.</summary>
    public long Records => EndOffset - FirstOffset;
}
