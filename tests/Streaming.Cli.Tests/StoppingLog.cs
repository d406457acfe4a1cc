using Streaming.Log;

namespace Streaming.Cli.Tests;

/// <summary>A log at whose first append somebody presses Ctrl-C: the records are taken, and what comes after sees the cancellation.</summary>
internal sealed class StoppingLog(IEventLog log, CancellationTokenSource stop) : IEventLog
{
    public async Task AppendAsync(string topic, RecordBatch records, CancellationToken cancellation)
    {
        await log.AppendAsync(topic, records, cancellation);
        await stop.CancelAsync();
    }

    public Task AppendAsync(TopicPartition partition, RecordBatch records, CancellationToken cancellation) => log.AppendAsync(partition, records, cancellation);

    public Task<TopicDescription> CreateTopicAsync(string topic, int partitions, CancellationToken cancellation) => log.CreateTopicAsync(topic, partitions, cancellation);

    public Task<TopicDescription?> DescribeTopicAsync(string topic, CancellationToken cancellation) => log.DescribeTopicAsync(topic, cancellation);

    public IPartitionReader Read(TopicPartition partition, long fromOffset) => log.Read(partition, fromOffset);

    public Task<PartitionDescription> DescribePartitionAsync(TopicPartition partition, CancellationToken cancellation) => log.DescribePartitionAsync(partition, cancellation);

    public Task<long> BeginningOffsetAsync(TopicPartition partition, CancellationToken cancellation) => log.BeginningOffsetAsync(partition, cancellation);

    public Task<long> EndOffsetAsync(TopicPartition partition, CancellationToken cancellation) => log.EndOffsetAsync(partition, cancellation);

    public Task<long?> OffsetForTimestampAsync(TopicPartition partition, long timestampMillis, CancellationToken cancellation) =>
        log.OffsetForTimestampAsync(partition, timestampMillis, cancellation);

    public Task<long?> CommittedOffsetAsync(string group, TopicPartition partition, CancellationToken cancellation) => log.CommittedOffsetAsync(group, partition, cancellation);

    public Task CommitAsync(string group, TopicPartition partition, long nextOffset, CancellationToken cancellation) => log.CommitAsync(group, partition, nextOffset, cancellation);

    public ValueTask DisposeAsync() => log.DisposeAsync();
}
