namespace Streaming.Log.Embedded;

/// <summary>Appends to one partition, or to those of the keys.</summary>
internal sealed class AppendRequest(string topic, int? partition, RecordBatch records) : WriteRequest<bool>
{
    public override int Bytes => records.Bytes;

    protected override Exception? Apply(LogTransaction transaction)
    {
        if (transaction.FindTopic(topic) is not { } entry)
        {
            return LogArgument.NoTopic(topic, transaction.Where);
        }

        if (partition is not { } number)
        {
            transaction.AppendByKey(entry, records);
            return null;
        }

        if ((uint)number >= (uint)entry.Description.Partitions)
        {
            return LogArgument.NoPartition(new TopicPartition(topic, number), entry.Description.Partitions, transaction.Where);
        }

        transaction.Append(entry.PartitionId(number), records);
        return null;
    }
}
