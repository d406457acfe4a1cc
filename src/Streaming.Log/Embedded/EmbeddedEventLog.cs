using System.Collections.Concurrent;

namespace Streaming.Log.Embedded;

/// <summary>
/// The event log in one SQLite file on this machine, for one process or several. Words, offsets and placement are Kafka's. An append is
/// one transaction, all or nothing; it is complete when committed. Layout and guarantees: docs/event-log.md.
/// </summary>
public sealed class EmbeddedEventLog : IEventLog
{
    private readonly string where;
    private readonly TimeProvider time;
    private readonly AppendSignals signals = new();
    private readonly ConcurrentDictionary<EmbeddedReader, bool> readers = [];
    private readonly LogWriter writer;
    private readonly ReadThreads threads;
    private int disposed;

    private EmbeddedEventLog(EmbeddedLogSettings settings)
    {
        where = $"embedded log {settings.Path}";
        time = settings.Time;
        var transaction = new LogTransaction(Database.Open(settings), new Checkpointer(Database.Open(settings)), signals, where);
        writer = new LogWriter(settings, transaction);
        try
        {
            threads = new ReadThreads(settings);
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    /// <summary>Opens a log's file, or makes it.</summary>
    /// <exception cref="EventLogException">The file cannot be opened, or is no log.</exception>
    public static EmbeddedEventLog Open(EmbeddedLogSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Validate();
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("The embedded log's columns are little-endian; this machine is not.");
        }

        return new EmbeddedEventLog(settings);
    }

    /// <inheritdoc/>
    public Task<TopicDescription> CreateTopicAsync(string topic, int partitions, CancellationToken cancellation)
    {
        LogArgument.RequireTopic(topic);
        ArgumentOutOfRangeException.ThrowIfLessThan(partitions, 1);
        return writer.WriteAsync(new CreateTopicRequest(topic, partitions), cancellation);
    }

    /// <summary>Deletes a topic with its records and committed offsets; false when there is none. Its readers fail.</summary>
    public Task<bool> DeleteTopicAsync(string topic, CancellationToken cancellation) => writer.WriteAsync(new DeleteTopicRequest(topic), cancellation);

    /// <inheritdoc/>
    public Task<TopicDescription?> DescribeTopicAsync(string topic, CancellationToken cancellation) =>
        threads.QueryAsync(session => session.FindTopic(topic)?.Description, cancellation);

    /// <inheritdoc/>
    public Task AppendAsync(string topic, RecordBatch records, CancellationToken cancellation)
    {
        Check(records);
        for (var record = 0; record < records.Count; record++)
        {
            LogArgument.RequireKey(records, record);
        }

        return writer.WriteAsync(new AppendRequest(topic, null, records), cancellation);
    }

    /// <inheritdoc/>
    public Task AppendAsync(TopicPartition partition, RecordBatch records, CancellationToken cancellation)
    {
        Check(records);
        return writer.WriteAsync(new AppendRequest(partition.Topic, partition.Partition, records), cancellation);
    }

    /// <inheritdoc/>
    public IPartitionReader Read(TopicPartition partition, long fromOffset)
    {
        ObjectDisposedException.ThrowIf(disposed != 0, this);
        var reader = new EmbeddedReader(threads, signals, partition, fromOffset, where, closed => readers.TryRemove(closed, out _));
        readers[reader] = true;
        return reader;
    }

    /// <inheritdoc/>
    public Task<long> BeginningOffsetAsync(TopicPartition partition, CancellationToken cancellation) =>
        QueryAsync(partition, static (session, id) => session.BeginningOffset(id), cancellation);

    /// <inheritdoc/>
    public Task<long> EndOffsetAsync(TopicPartition partition, CancellationToken cancellation) =>
        QueryAsync(partition, static (session, id) => session.EndOffset(id), cancellation);

    /// <inheritdoc/>
    public Task<long?> OffsetForTimestampAsync(TopicPartition partition, long timestampMillis, CancellationToken cancellation) =>
        QueryAsync(partition, (session, id) => session.OffsetForTimestamp(partition, id, timestampMillis), cancellation);

    /// <inheritdoc/>
    public Task<long?> CommittedOffsetAsync(string group, TopicPartition partition, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(group);
        return QueryAsync(partition, (session, id) => session.CommittedOffset(group, id), cancellation);
    }

    /// <inheritdoc/>
    public Task CommitAsync(string group, TopicPartition partition, long nextOffset, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(group);
        ArgumentOutOfRangeException.ThrowIfNegative(nextOffset);
        return writer.WriteAsync(new CommitRequest(group, partition, nextOffset), cancellation);
    }

    /// <summary>Writes what was queued, ends all readers, closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
        {
            return;
        }

        foreach (var reader in readers.Keys)
        {
            await reader.DisposeAsync();
        }

        await Task.Factory.StartNew(Close, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private void Check(RecordBatch records)
    {
        ArgumentNullException.ThrowIfNull(records);
        LogArgument.RequireTimestamps(records);
        LogArgument.RequireNotAhead(records, time, where);
    }

    private void Close()
    {
        writer.Dispose();
        threads.Dispose();
    }

    private Task<T> QueryAsync<T>(TopicPartition partition, Func<ReadSession, long, T> query, CancellationToken cancellation) => threads.QueryAsync(
        session =>
        {
            var topic = session.FindTopic(partition.Topic) ?? throw LogArgument.NoTopic(partition.Topic, where);
            return (uint)partition.Partition < (uint)topic.Description.Partitions
                ? query(session, topic.PartitionId(partition.Partition))
                : throw LogArgument.NoPartition(partition, topic.Description.Partitions, where);
        },
        cancellation);
}
