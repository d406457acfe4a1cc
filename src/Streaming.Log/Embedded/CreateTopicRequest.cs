namespace Streaming.Log.Embedded;

/// <summary>Creates a topic, or finds it.</summary>
internal sealed class CreateTopicRequest(string topic, int partitions) : WriteRequest<TopicDescription>
{
    protected override Exception? Apply(LogTransaction transaction)
    {
        Result = (transaction.FindTopic(topic) ?? transaction.CreateTopic(topic, partitions)).Description;
        return Result.Partitions == partitions ? null : LogArgument.OtherPartitions(Result, partitions, transaction.Where);
    }
}
