namespace Streaming.Log;

/// <summary>
/// The event log: Kafka, or the embedded one. Words have Kafka's meanings. Thread-safe. Failed I/O is an
/// <see cref="EventLogException"/>, which says whether trying again helps; expected outcomes are values.
/// </summary>
public interface IEventLog : IAsyncDisposable
{
    /// <summary>The largest record that the log takes, key, value and the log's own bytes together.</summary>
    int RecordBytesMax => 1_000_000_000;

    /// <summary>Creates a topic, or finds it. An existing topic with another number of partitions is an error.</summary>
    Task<TopicDescription> CreateTopicAsync(string topic, int partitions, CancellationToken cancellation);

    /// <summary>A topic's description; null when there is none.</summary>
    Task<TopicDescription?> DescribeTopicAsync(string topic, CancellationToken cancellation);

    /// <summary>
    /// Appends records; each goes to partition murmur2(key) mod partitions (keys must not be null), in the order given within a
    /// partition. Complete when all are durable. The batch may be reused after completion, also after a failed one. Bounded: waits
    /// while the log's buffers are full; cancelling ends any wait, but not the append of what the log has taken. After a failure
    /// any part of the batch may be in the log (embedded: all or nothing): append it again and readers drop repeats by event id.
    /// Timestamps are positive (Kafka's client takes 0 for "now"; an <see cref="ArgumentException"/>) and at most an hour ahead of the
    /// log's clock (brokers: message.timestamp.after.max.ms; not retriable).
    /// </summary>
    Task AppendAsync(string topic, RecordBatch records, CancellationToken cancellation);

    /// <summary>
    /// Appends all records to one partition whatever their keys. As <see cref="AppendAsync(string, RecordBatch, CancellationToken)"/>
    /// otherwise.
    /// </summary>
    Task AppendAsync(TopicPartition partition, RecordBatch records, CancellationToken cancellation);

    /// <summary>
    /// Starts reading a partition at an offset, up to the end offset (where it waits). Reading before the first retained offset fails
    /// the first read with <see cref="OffsetOutOfRangeException"/>, and so does the read of a reader that retention has overtaken:
    /// nothing is skipped silently. Reading beyond the end fails the first read, because the log was truncated or created again.
    /// </summary>
    IPartitionReader Read(TopicPartition partition, long fromOffset);

    /// <summary>
    /// A partition's topic and its offsets. Cheap enough to call every second: concurrent calls share a request. What is said of the topic
    /// may be some seconds old (Kafka: <c>streaming.kafka.topic-check-interval</c>), the offsets are current. A missing topic or partition
    /// is an error that is not retriable.
    /// </summary>
    Task<PartitionDescription> DescribePartitionAsync(TopicPartition partition, CancellationToken cancellation);

    /// <summary>The first retained offset of a partition.</summary>
    Task<long> BeginningOffsetAsync(TopicPartition partition, CancellationToken cancellation);

    /// <summary>
    /// The offset behind the last record that can be read; records of an open transaction, and all behind them, cannot yet.
    /// </summary>
    Task<long> EndOffsetAsync(TopicPartition partition, CancellationToken cancellation);

    /// <summary>The first offset whose timestamp is at or after the given one; null when there is none.</summary>
    Task<long?> OffsetForTimestampAsync(TopicPartition partition, long timestampMillis, CancellationToken cancellation);

    /// <summary>
    /// What a group committed for a partition: the next offset to process; null when nothing. Like <see cref="CommitAsync"/> it fails as
    /// retriable when the log's request timeout has passed.
    /// </summary>
    Task<long?> CommittedOffsetAsync(string group, TopicPartition partition, CancellationToken cancellation);

    /// <summary>
    /// Commits a group's next offset to process. Commits of one caller take effect in their order, also one that failed because its
    /// answer came too late; those of many partitions at a time share a request. The embedded log refuses one beyond the partition's
    /// end.
    /// </summary>
    Task CommitAsync(string group, TopicPartition partition, long nextOffset, CancellationToken cancellation);
}
