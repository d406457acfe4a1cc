using Streaming.Log;

namespace Streaming.Engine.Tests.Replays;

/// <summary>A log under a process that dies at one of its appends: before the log has taken it, or after, when nobody hears of it.</summary>
internal sealed class DyingLog(IEventLog log, int diesAt, bool isTaken) : IEventLog
{
    private int _appends;

    /// <summary>Appends that were begun.</summary>
    public int Appends => _appends;

    public Task<TopicDescription> CreateTopicAsync(string topic, int partitions, CancellationToken cancellation) => log.CreateTopicAsync(topic, partitions, cancellation);

    public Task<TopicDescription?> DescribeTopicAsync(string topic, CancellationToken cancellation) => log.DescribeTopicAsync(topic, cancellation);

    public Task AppendAsync(string topic, RecordBatch records, CancellationToken cancellation) => DieAsync(() => log.AppendAsync(topic, records, cancellation));

    public Task AppendAsync(TopicPartition partition, RecordBatch records, CancellationToken cancellation) => DieAsync(() => log.AppendAsync(partition, records, cancellation));

    public IPartitionReader Read(TopicPartition partition, long fromOffset) => log.Read(partition, fromOffset);

    public Task<PartitionDescription> DescribePartitionAsync(TopicPartition partition, CancellationToken cancellation) => log.DescribePartitionAsync(partition, cancellation);

    public Task<long> BeginningOffsetAsync(TopicPartition partition, CancellationToken cancellation) => log.BeginningOffsetAsync(partition, cancellation);

    public Task<long> EndOffsetAsync(TopicPartition partition, CancellationToken cancellation) => log.EndOffsetAsync(partition, cancellation);

    public Task<long?> OffsetForTimestampAsync(TopicPartition partition, long timestampMillis, CancellationToken cancellation) => log.OffsetForTimestampAsync(partition, timestampMillis, cancellation);

    public Task<long?> CommittedOffsetAsync(string group, TopicPartition partition, CancellationToken cancellation) => log.CommittedOffsetAsync(group, partition, cancellation);

    public Task CommitAsync(string group, TopicPartition partition, long nextOffset, CancellationToken cancellation) => log.CommitAsync(group, partition, nextOffset, cancellation);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task DieAsync(Func<Task> append)
    {
        if (_appends++ != diesAt)
        {
            await append();
            return;
        }

        if (isTaken)
        {
            await append();
        }

        throw new DeathException();
    }
}

/// <summary>The process is dead.</summary>
internal sealed class DeathException : Exception;
