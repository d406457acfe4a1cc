using System.Collections.Concurrent;
using Confluent.Kafka;

namespace Streaming.Log.Kafka;

/// <summary>
/// The event log on Kafka brokers: an idempotent producer, a consumer for each reader (partitions are assigned by hand, it joins no group),
/// consumers that look up and commit offsets, and an admin client for topics. Guarantees and settings: docs/event-log.md.
/// </summary>
public sealed class KafkaEventLog : IEventLog
{
    private readonly ConcurrentDictionary<string, int> _partitionsByTopic = [];
    private readonly ConcurrentDictionary<KafkaReader, bool> _readers = [];
    private readonly KafkaSettings _settings;
    private readonly KafkaClients _clients;
    private readonly KafkaAdmin _admin;
    private readonly KafkaOffsets _offsets;
    private readonly KafkaGroups _groups;
    private readonly TopicCache _topics;
    private readonly KafkaAppender _appender;
    private readonly string _where;
    private int _disposed;

    private KafkaEventLog(KafkaSettings settings)
    {
        _settings = settings;
        _where = $"Kafka {settings.BootstrapServers}";
        _clients = new KafkaClients(settings);
        _admin = new KafkaAdmin(_clients, settings, _where);
        _offsets = new KafkaOffsets(_clients, _where);
        _groups = new KafkaGroups(_clients, settings, _where);
        _topics = new TopicCache(topic => _admin.DescribeAsync(topic, CancellationToken.None), settings.TopicCheckInterval);
        _appender = new KafkaAppender(_clients, settings, _where);
    }

    /// <inheritdoc/>
    public int RecordBytesMax => _settings.RecordBytesMax;

    /// <summary>Creates the clients; they connect when they are used.</summary>
    /// <exception cref="ArgumentException">A setting is out of range, or a property unknown to librdkafka.</exception>
    public static KafkaEventLog Open(KafkaSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Validate();
        try
        {
            return new KafkaEventLog(settings);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            throw new ArgumentException(
                $"librdkafka refuses a property: {e.Message.TrimEnd('.')}; see its CONFIGURATION.md. The settings were {settings}", e);
        }
    }

    /// <inheritdoc/>
    public Task<Streaming.Log.TopicDescription> CreateTopicAsync(string topic, int partitions, CancellationToken cancellation)
    {
        LogArgument.RequireTopic(topic);
        ArgumentOutOfRangeException.ThrowIfLessThan(partitions, 1);
        return _admin.CreateAsync(topic, partitions, cancellation);
    }

    /// <summary>Deletes a topic; false when there is none. The brokers do it a little later.</summary>
    public Task<bool> DeleteTopicAsync(string topic, CancellationToken cancellation)
    {
        Forget(topic);
        return _admin.DeleteAsync(topic, cancellation);
    }

    /// <summary>How long the brokers keep a topic's records; null when there is no such topic, or the brokers do not say.</summary>
    public Task<KafkaRetention?> RetentionAsync(string topic, CancellationToken cancellation) =>
        _admin.RetentionAsync(topic, cancellation);

    /// <inheritdoc/>
    public Task<Streaming.Log.TopicDescription?> DescribeTopicAsync(string topic, CancellationToken cancellation) =>
        _admin.DescribeAsync(topic, cancellation);

    /// <inheritdoc/>
    public async Task AppendAsync(string topic, RecordBatch records, CancellationToken cancellation)
    {
        Check(records, keysNeeded: true);
        await RequireTopicAsync(topic, 1, cancellation);
        await _appender.AppendAsync(new Confluent.Kafka.TopicPartition(topic, Partition.Any), records, cancellation);
    }

    /// <inheritdoc/>
    public async Task AppendAsync(TopicPartition partition, RecordBatch records, CancellationToken cancellation)
    {
        Check(records, keysNeeded: false);
        await RequirePartitionAsync(partition, cancellation);
        await _appender.AppendAsync(new Confluent.Kafka.TopicPartition(partition.Topic, partition.Partition), records, cancellation);
    }

    /// <inheritdoc/>
    public IPartitionReader Read(TopicPartition partition, long fromOffset)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        var reader = new KafkaReader(_clients, partition, fromOffset, _where, closed => _readers.TryRemove(closed, out _));
        _readers[reader] = true;
        return reader;
    }

    /// <inheritdoc/>
    public async Task<PartitionDescription> DescribePartitionAsync(TopicPartition partition, CancellationToken cancellation)
    {
        var topic = await _topics.GetAsync(partition.Topic, cancellation) ?? throw LogArgument.NoTopic(partition.Topic, _where);
        if ((uint)partition.Partition >= (uint)topic.Partitions)
        {
            throw LogArgument.NoPartition(partition, topic.Partitions, _where);
        }

        try
        {
            var (beginning, end) = (
                FindAsync(partition, OffsetQuery.Beginning, cancellation), FindAsync(partition, OffsetQuery.End, cancellation));
            var high = await _offsets.FindAsync(partition, OffsetQuery.End, uncommitted: true, cancellation) ?? 0;
            var last = await end ?? 0;
            return new PartitionDescription(topic, await beginning ?? 0, last, Math.Max(high, last));
        }
        catch (EventLogException)
        {
            Forget(partition.Topic);
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<long> BeginningOffsetAsync(TopicPartition partition, CancellationToken cancellation) =>
        await OffsetAsync(partition, OffsetQuery.Beginning, cancellation) ?? 0;

    /// <inheritdoc/>
    public async Task<long> EndOffsetAsync(TopicPartition partition, CancellationToken cancellation) =>
        await OffsetAsync(partition, OffsetQuery.End, cancellation) ?? 0;

    /// <inheritdoc/>
    public Task<long?> OffsetForTimestampAsync(TopicPartition partition, long timestampMillis, CancellationToken cancellation) =>
        OffsetAsync(partition, Math.Max(timestampMillis, 0), cancellation);

    /// <inheritdoc/>
    public async Task<long?> CommittedOffsetAsync(string group, TopicPartition partition, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(group);
        await RequirePartitionAsync(partition, cancellation);
        return await _groups.CommittedAsync(group, partition, cancellation);
    }

    /// <inheritdoc/>
    public async Task CommitAsync(string group, TopicPartition partition, long nextOffset, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(group);
        ArgumentOutOfRangeException.ThrowIfNegative(nextOffset);
        await RequirePartitionAsync(partition, cancellation);
        await _groups.CommitAsync(group, partition, nextOffset, cancellation);
    }

    /// <summary>Sends the records that it has accepted, ends all readers, closes the clients.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await Task.WhenAll(_readers.Keys.Select(static reader => reader.DisposeAsync().AsTask()));
        await Task.Factory.StartNew(Close, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private static void Check(RecordBatch records, bool keysNeeded)
    {
        ArgumentNullException.ThrowIfNull(records);
        LogArgument.RequireTimestamps(records);
        for (var record = 0; keysNeeded && record < records.Count; record++)
        {
            LogArgument.RequireKey(records, record);
        }
    }

    private async Task<long?> OffsetAsync(TopicPartition partition, long timestamp, CancellationToken cancellation)
    {
        await RequirePartitionAsync(partition, cancellation);
        try
        {
            return await FindAsync(partition, timestamp, cancellation);
        }
        catch (EventLogException)
        {
            Forget(partition.Topic);
            throw;
        }
    }

    private Task<long?> FindAsync(TopicPartition partition, long timestamp, CancellationToken cancellation) =>
        _offsets.FindAsync(partition, timestamp, uncommitted: false, cancellation);

    /// <summary>After a failure the topic may have changed, or be deleted.</summary>
    private void Forget(string topic)
    {
        _partitionsByTopic.TryRemove(topic, out _);
        _topics.Forget(topic);
    }

    private async Task RequirePartitionAsync(TopicPartition partition, CancellationToken cancellation)
    {
        var partitions = await RequireTopicAsync(partition.Topic, partition.Partition + 1, cancellation);
        if ((uint)partition.Partition >= (uint)partitions)
        {
            throw LogArgument.NoPartition(partition, partitions, _where);
        }
    }

    /// <summary>
    /// Asks once per topic, and again when a partition beyond the known ones is wanted: librdkafka itself would wait half a minute for
    /// a missing topic.
    /// </summary>
    private async ValueTask<int> RequireTopicAsync(string topic, int partitionsAtLeast, CancellationToken cancellation)
    {
        if (_partitionsByTopic.TryGetValue(topic, out var known) && known >= partitionsAtLeast)
        {
            return known;
        }

        return _partitionsByTopic[topic] =
            await _admin.PartitionsAsync(topic, cancellation) ?? throw LogArgument.NoTopic(topic, _where);
    }

    private void Close()
    {
        _appender.Dispose();
        _groups.Dispose();
        _offsets.Dispose();
        _admin.Dispose();
    }
}
