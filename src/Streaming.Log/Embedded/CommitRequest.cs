namespace Streaming.Log.Embedded;

/// <summary>Commits a group's offset.</summary>
internal sealed class CommitRequest(string group, TopicPartition partition, long nextOffset) : WriteRequest<bool>
{
    protected override Exception? Apply(LogTransaction transaction)
    {
        if (transaction.FindTopic(partition.Topic) is not { } entry)
        {
            return LogArgument.NoTopic(partition.Topic, transaction.Where);
        }

        if ((uint)partition.Partition >= (uint)entry.Description.Partitions)
        {
            return LogArgument.NoPartition(partition, entry.Description.Partitions, transaction.Where);
        }

        var end = transaction.EndOffset(entry.PartitionId(partition.Partition));
        if (nextOffset > end)
        {
            return LogArgument.CommitBeyondEnd(group, partition, nextOffset, end, transaction.Where);
        }

        transaction.CommitOffset(group, entry.PartitionId(partition.Partition), nextOffset);
        return null;
    }
}
