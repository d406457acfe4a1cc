namespace Streaming.Log.Tests;

/// <summary>A log whose next reads and looks at the end fail as an outage, as often as a test says.</summary>
internal sealed class FaultyReads(IEventLog log) : IEventLog
{
    private int _openReaders;

    public int ReadsToFail { get; set; }

    public int LooksToFail { get; set; }

    public int OpenReaders => Volatile.Read(ref _openReaders);

    public IPartitionReader Read(TopicPartition partition, long fromOffset)
    {
        Interlocked.Increment(ref _openReaders);
        return new Reader(this, log.Read(partition, fromOffset));
    }

    public Task<long> EndOffsetAsync(TopicPartition partition, CancellationToken cancellation) =>
        LooksToFail-- > 0 ? Task.FromException<long>(new EventLogException("away", retriable: true)) : log.EndOffsetAsync(partition, cancellation);

    public Task<TopicDescription> CreateTopicAsync(string topic, int partitions, CancellationToken cancellation) => log.CreateTopicAsync(topic, partitions, cancellation);

    public Task<TopicDescription?> DescribeTopicAsync(string topic, CancellationToken cancellation) => log.DescribeTopicAsync(topic, cancellation);

    public Task<PartitionDescription> DescribePartitionAsync(TopicPartition partition, CancellationToken cancellation) => log.DescribePartitionAsync(partition, cancellation);

    public Task AppendAsync(string topic, RecordBatch records, CancellationToken cancellation) => log.AppendAsync(topic, records, cancellation);

    public Task AppendAsync(TopicPartition partition, RecordBatch records, CancellationToken cancellation) => log.AppendAsync(partition, records, cancellation);

    public Task<long> BeginningOffsetAsync(TopicPartition partition, CancellationToken cancellation) => log.BeginningOffsetAsync(partition, cancellation);

    public Task<long?> OffsetForTimestampAsync(TopicPartition partition, long timestampMillis, CancellationToken cancellation) =>
        log.OffsetForTimestampAsync(partition, timestampMillis, cancellation);

    public Task<long?> CommittedOffsetAsync(string group, TopicPartition partition, CancellationToken cancellation) => log.CommittedOffsetAsync(group, partition, cancellation);

    public Task CommitAsync(string group, TopicPartition partition, long nextOffset, CancellationToken cancellation) => log.CommitAsync(group, partition, nextOffset, cancellation);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Reader(FaultyReads owner, IPartitionReader reader) : IPartitionReader
    {
        public long NextOffset => reader.NextOffset;

        public ValueTask<RecordBatch> ReadAsync(int maxRecords, CancellationToken cancellation) =>
            owner.ReadsToFail-- > 0 ? throw new EventLogException("away", retriable: true) : reader.ReadAsync(maxRecords, cancellation);

        public void Recycle(RecordBatch batch) => reader.Recycle(batch);

        public ValueTask DisposeAsync()
        {
            Interlocked.Decrement(ref owner._openReaders);
            return reader.DisposeAsync();
        }
    }
}
