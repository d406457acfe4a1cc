using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Streaming.Log.Embedded;

/// <summary>
/// The event log in one SQLite file on this machine, for one process or several. Words, offsets and placement are Kafka's. An append is
/// one transaction, all or nothing; it is complete when committed. Layout and guarantees: docs/event-log.md.
/// </summary>
public sealed class EmbeddedEventLog : IEventLog
{
    private readonly string _where;
    private readonly TimeProvider _time;
    private readonly AppendSignals _signals = new();
    private readonly ConcurrentDictionary<EmbeddedReader, bool> _readers = [];
    private readonly LogWriter _writer;
    private readonly ReadThreads _threads;
    private readonly LogSizes _sizes;
    private int _disposed;

    private EmbeddedEventLog(EmbeddedLogSettings settings)
    {
        _where = $"embedded log {settings.Path}";
        _time = settings.Time;
        var damage = new LogDamage(settings.Path);
        LogFiles.Prepare(settings.Path, damage);
        _writer = new LogWriter(settings, Transaction(settings, damage), damage);
        try
        {
            _threads = new ReadThreads(settings, damage);
            _sizes = new LogSizes(_threads, settings.Path);
        }
        catch
        {
            _writer.Dispose();
            throw;
        }
    }

    /// <summary>Opens a log's file, or makes it.</summary>
    /// <exception cref="EventLogException">The file cannot be opened, is no log, or is damaged:
    /// <see cref="EmbeddedLogRepair"/>.</exception>
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
        return _writer.WriteAsync(new CreateTopicRequest(topic, partitions), cancellation);
    }

    /// <summary>Deletes a topic with its records and committed offsets; false when there is none. Its readers fail.</summary>
    public Task<bool> DeleteTopicAsync(string topic, CancellationToken cancellation) =>
        _writer.WriteAsync(new DeleteTopicRequest(topic), cancellation);

    /// <summary>
    /// Deletes the oldest records of a partition up to an offset, as far as whole rows go; the newest row stays. Readers before the new
    /// beginning fail with <see cref="OffsetOutOfRangeException"/>. Returns the first retained offset.
    /// </summary>
    public async Task<long> DeleteBeforeAsync(TopicPartition partition, long offset, CancellationToken cancellation)
    {
        while (true)
        {
            var step = await _writer.WriteAsync(new TrimRequest(partition, offset), cancellation);
            if (step.IsLast)
            {
                return step.FirstOffset;
            }
        }
    }

    /// <summary>
    /// Deletes what the limits do not keep and nobody needs, and gives space back to the file system. Call it again and again. Returns
    /// what was done to the partitions of topics that have limits.
    /// </summary>
    public Task<ImmutableArray<PartitionRetention>> RetainAsync(RetentionRules rules, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(rules);
        var pass = new RetentionPass(_threads, _writer, _sizes, rules, _time);
        return _sizes.AloneAsync(() => pass.RunAsync(cancellation), cancellation);
    }

    /// <summary>How much the log holds. The first call reads all rows through, without their records.</summary>
    public async Task<LogSize> SizeAsync(CancellationToken cancellation)
    {
        var partitions = await _sizes.AloneAsync(() => _sizes.LookAsync(cancellation), cancellation);
        var (disk, free) = await _sizes.FilesAsync(cancellation);
        return new LogSize(disk, free, [.. partitions.Select(static part => part.Size)]);
    }

    /// <inheritdoc/>
    public Task<TopicDescription?> DescribeTopicAsync(string topic, CancellationToken cancellation) =>
        _threads.QueryAsync(session => session.FindTopic(topic)?.Description, cancellation);

    /// <inheritdoc/>
    public Task AppendAsync(string topic, RecordBatch records, CancellationToken cancellation)
    {
        Check(records);
        for (var record = 0; record < records.Count; record++)
        {
            LogArgument.RequireKey(records, record);
        }

        return _writer.WriteAsync(new AppendRequest(topic, null, records), cancellation);
    }

    /// <inheritdoc/>
    public Task AppendAsync(TopicPartition partition, RecordBatch records, CancellationToken cancellation)
    {
        Check(records);
        return _writer.WriteAsync(new AppendRequest(partition.Topic, partition.Partition, records), cancellation);
    }

    /// <inheritdoc/>
    public IPartitionReader Read(TopicPartition partition, long fromOffset)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        var reader = new EmbeddedReader(_threads, _signals, partition, fromOffset, _where, closed => _readers.TryRemove(closed, out _));
        _readers[reader] = true;
        return reader;
    }

    /// <inheritdoc/>
    public Task<PartitionDescription> DescribePartitionAsync(TopicPartition partition, CancellationToken cancellation) => QueryAsync(
        partition,
        static (session, topic, id) =>
        {
            var end = session.EndOffset(id);
            return new PartitionDescription(topic.Description, session.BeginningOffset(id), end, end);
        },
        cancellation);

    /// <inheritdoc/>
    public Task<long> BeginningOffsetAsync(TopicPartition partition, CancellationToken cancellation) =>
        QueryAsync(partition, static (session, _, id) => session.BeginningOffset(id), cancellation);

    /// <inheritdoc/>
    public Task<long> EndOffsetAsync(TopicPartition partition, CancellationToken cancellation) =>
        QueryAsync(partition, static (session, _, id) => session.EndOffset(id), cancellation);

    /// <inheritdoc/>
    public Task<long?> OffsetForTimestampAsync(TopicPartition partition, long timestampMillis, CancellationToken cancellation) =>
        QueryAsync(partition, (session, _, id) => session.OffsetForTimestamp(partition, id, timestampMillis), cancellation);

    /// <inheritdoc/>
    public Task<long?> CommittedOffsetAsync(string group, TopicPartition partition, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(group);
        return QueryAsync(partition, (session, _, id) => session.CommittedOffset(group, id), cancellation);
    }

    /// <inheritdoc/>
    public Task CommitAsync(string group, TopicPartition partition, long nextOffset, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(group);
        ArgumentOutOfRangeException.ThrowIfNegative(nextOffset);
        return _writer.WriteAsync(new CommitRequest(group, partition, nextOffset), cancellation);
    }

    /// <summary>Writes what was queued, ends all readers, closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        foreach (var reader in _readers.Keys)
        {
            await reader.DisposeAsync();
        }

        await Task.Factory.StartNew(Close, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private LogTransaction Transaction(EmbeddedLogSettings settings, LogDamage damage)
    {
        var database = Database.Open(settings, damage);
        try
        {
            LogCheck.Require(database, damage);
            var ends = EndOffsetsFile.TryOpen(settings.Path, database.Identity.Id) ?? throw damage.Found(
                $"{EndOffsetsFile.PathOf(settings.Path)} is gone");
            return new LogTransaction(database, new Checkpointer(Database.Open(settings, damage), damage), _signals, ends, _where);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private void Check(RecordBatch records)
    {
        ArgumentNullException.ThrowIfNull(records);
        LogArgument.RequireTimestamps(records);
        LogArgument.RequireNotAhead(records, _time, _where);
    }

    private void Close()
    {
        _writer.Dispose();
        _threads.Dispose();
        _sizes.Dispose();
    }

    private Task<T> QueryAsync<T>(TopicPartition partition, Func<ReadSession, TopicEntry, long, T> query, CancellationToken cancellation) =>
        _threads.QueryAsync(
        session =>
        {
            var topic = session.FindTopic(partition.Topic) ?? throw LogArgument.NoTopic(partition.Topic, _where);
            return (uint)partition.Partition < (uint)topic.Description.Partitions
                ? query(session, topic, topic.PartitionId(partition.Partition))
                : throw LogArgument.NoPartition(partition, topic.Description.Partitions, _where);
        },
        cancellation);
}
