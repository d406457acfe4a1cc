using Streaming.Log;

namespace Streaming.Offline.Tests.Lake;

/// <summary>A log whose retention has deleted what is before an offset.</summary>
internal sealed class TrimmedLog(IEventLog log, long begin) : IEventLog
{
    public Task<TopicDescription> CreateTopicAsync(string topic, int partitions, CancellationToken cancellation) => log.CreateTopicAsync(topic, partitions, cancellation);

    public Task<TopicDescription?> DescribeTopicAsync(string topic, CancellationToken cancellation) => log.DescribeTopicAsync(topic, cancellation);

    public Task AppendAsync(string topic, RecordBatch records, CancellationToken cancellation) => log.AppendAsync(topic, records, cancellation);

    public Task AppendAsync(TopicPartition partition, RecordBatch records, CancellationToken cancellation) => log.AppendAsync(partition, records, cancellation);

    public IPartitionReader Read(TopicPartition partition, long fromOffset) => log.Read(partition, fromOffset);

    public Task<PartitionDescription> DescribePartitionAsync(TopicPartition partition, CancellationToken cancellation) => log.DescribePartitionAsync(partition, cancellation);

    public Task<long> BeginningOffsetAsync(TopicPartition partition, CancellationToken cancellation) => Task.FromResult(begin);

    public Task<long> EndOffsetAsync(TopicPartition partition, CancellationToken cancellation) => log.EndOffsetAsync(partition, cancellation);

    public Task<long?> OffsetForTimestampAsync(TopicPartition partition, long timestampMillis, CancellationToken cancellation) => log.OffsetForTimestampAsync(partition, timestampMillis, cancellation);

    public Task<long?> CommittedOffsetAsync(string group, TopicPartition partition, CancellationToken cancellation) => log.CommittedOffsetAsync(group, partition, cancellation);

    public Task CommitAsync(string group, TopicPartition partition, long nextOffset, CancellationToken cancellation) => log.CommitAsync(group, partition, nextOffset, cancellation);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
