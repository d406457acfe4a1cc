namespace Streaming.Log.Kafka;

/// <summary>A request for a group's offset of a partition, or a commit of one. Complete when it is answered.</summary>
internal sealed class GroupRequest(TopicPartition partition, long? nextOffset)
    : TaskCompletionSource<long?>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public Confluent.Kafka.TopicPartition Partition { get; } = new(partition.Topic, partition.Partition);

    public bool IsCommit => nextOffset is not null;

    public long? NextOffset => nextOffset;
}
