namespace Streaming.Log.Kafka;

/// <summary>A request for one offset. Complete when it is answered; null where there is none.</summary>
/// <param name="partition">Of which partition.</param>
/// <param name="timestamp">The first offset at or after it; or <see cref="End"/> or <see cref="Beginning"/>.</param>
/// <param name="uncommitted">Whether open transactions count.</param>
internal sealed class OffsetQuery(TopicPartition partition, long timestamp, bool uncommitted)
    : TaskCompletionSource<long?>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    /// <summary>Instead of a timestamp, as in Kafka's protocol: the offset behind the last record.</summary>
    public const long End = -1;

    /// <summary>Instead of a timestamp: the first offset.</summary>
    public const long Beginning = -2;

    public Confluent.Kafka.TopicPartition Partition { get; } = new(partition.Topic, partition.Partition);

    public long Timestamp => timestamp;

    public bool IsUncommitted => uncommitted;
}
