using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Streaming.Log.Kafka;

/// <summary>Topics and offsets through the admin client: asynchronous, each request with a bound.</summary>
internal sealed class KafkaAdmin : IDisposable
{
    private const short BrokersDefault = -1;
    private static readonly TimeSpan LeaderPoll = TimeSpan.FromMilliseconds(20);
    private readonly KafkaClients clients;
    private readonly IAdminClient admin;
    private readonly IDisposable owner;
    private readonly KafkaSettings settings;
    private readonly string where;

    public KafkaAdmin(KafkaClients clients, KafkaSettings settings, string where)
    {
        (admin, owner) = clients.Admin();
        this.clients = clients;
        this.settings = settings;
        this.where = where;
    }

    public async Task<Streaming.Log.TopicDescription?> DescribeAsync(string topic, CancellationToken cancellation) =>
        await FindAsync(topic, cancellation) is { } found ? new Streaming.Log.TopicDescription(topic, found.Partitions, found.Identity) : null;

    public async Task<Streaming.Log.TopicDescription> CreateAsync(string topic, int partitions, CancellationToken cancellation)
    {
        if (await DescribeAsync(topic, cancellation) is not { } there)
        {
            await CallAsync($"creating topic \"{topic}\"", () => TryCreateAsync(topic, partitions), cancellation);
            there = await LedAsync(topic, cancellation);
        }

        return there.Partitions == partitions ? there : throw LogArgument.OtherPartitions(there, partitions, where);
    }

    public Task<bool> DeleteAsync(string topic, CancellationToken cancellation) => CallAsync(
        $"deleting topic \"{topic}\"",
        async () =>
        {
            try
            {
                await admin.DeleteTopicsAsync([topic], new DeleteTopicsOptions { RequestTimeout = settings.RequestTimeout, OperationTimeout = settings.RequestTimeout });
                return true;
            }
            catch (DeleteTopicsException e) when (KafkaFailure.IsNoTopic(e.Results[0].Error.Code))
            {
                return false;
            }
        },
        cancellation);

    /// <summary>An offset by its place or time; null when there is none.</summary>
    public Task<long?> OffsetAsync(TopicPartition partition, OffsetSpec spec, CancellationToken cancellation) => CallAsync(
        $"looking up an offset of {partition}",
        async () =>
        {
            try
            {
                return await ListOffsetAsync(partition, spec);
            }
            catch (KafkaException e) when (Cause(e).Code is ErrorCode.FencedLeaderEpoch or ErrorCode.UnknownLeaderEpoch)
            {
                // A broker restarted or another leads now. librdkafka 2.16.0 asks again with the epoch that it remembers, for as long as
                // it keeps its metadata, 5 minutes; fresh metadata has the new one.
                await MetadataAsync(partition.Topic);
                return await ListOffsetAsync(partition, spec);
            }
        },
        cancellation);

    private async Task<long?> ListOffsetAsync(TopicPartition partition, OffsetSpec spec)
    {
        var result = await admin.ListOffsetsAsync(
            [new TopicPartitionOffsetSpec { TopicPartition = Theirs(partition), OffsetSpec = spec }],
            new ListOffsetsOptions { RequestTimeout = settings.RequestTimeout, IsolationLevel = IsolationLevel.ReadCommitted });
        var offset = result.ResultInfos[0].TopicPartitionOffsetError.Offset.Value;
        return offset < 0 ? null : offset;
    }

    public Task<long?> CommittedAsync(string group, TopicPartition partition, CancellationToken cancellation) => CallAsync(
        $"reading group \"{group}\"'s offset of {partition}",
        async () =>
        {
            var results = await admin.ListConsumerGroupOffsetsAsync(
                [new ConsumerGroupTopicPartitions(group, [Theirs(partition)])], new ListConsumerGroupOffsetsOptions { RequestTimeout = settings.RequestTimeout });
            var offset = results[0].Partitions[0].Offset.Value;
            return offset < 0 ? (long?)null : offset;
        },
        cancellation);

    public Task CommitAsync(string group, TopicPartition partition, long nextOffset, CancellationToken cancellation) => CallAsync(
        $"committing group \"{group}\"'s offset {nextOffset} of {partition}",
        () => admin.AlterConsumerGroupOffsetsAsync(
            [new ConsumerGroupTopicPartitionOffsets(group, [new TopicPartitionOffset(Theirs(partition), new Offset(nextOffset))])],
            new AlterConsumerGroupOffsetsOptions { RequestTimeout = settings.RequestTimeout }),
        cancellation);

    public void Dispose()
    {
        admin.Dispose();
        owner.Dispose();
    }

    private static Confluent.Kafka.TopicPartition Theirs(TopicPartition partition) => new(partition.Topic, partition.Partition);

    private Task<Found?> FindAsync(string topic, CancellationToken cancellation) =>
        CallAsync($"describing topic \"{topic}\"", () => settings.TopicIds ? FindWithIdAsync(topic) : FindByNameAsync(topic), cancellation);

    private async Task<Found?> FindWithIdAsync(string topic)
    {
        try
        {
            var result = await admin.DescribeTopicsAsync(TopicCollection.OfTopicNames([topic]), new DescribeTopicsOptions { RequestTimeout = settings.RequestTimeout });
            var found = result.TopicDescriptions[0];
            return new Found(found.Partitions.Count, found.TopicId.ToString(), found.Partitions.TrueForAll(static p => p.Leader is { Id: >= 0 }));
        }
        catch (DescribeTopicsException e) when (KafkaFailure.IsNoTopic(e.Results.TopicDescriptions[0].Error.Code))
        {
            return null;
        }
    }

    private async Task<Found?> FindByNameAsync(string topic)
    {
        var metadata = await MetadataAsync(topic);
        var found = metadata.Topics.Find(one => one.Topic == topic);
        return found is null || found.Partitions.Count == 0 || KafkaFailure.IsNoTopic(found.Error.Code)
            ? null
            : new Found(found.Partitions.Count, $"name:{topic}", found.Partitions.TrueForAll(static p => p.Leader >= 0));
    }

    // The call blocks, so it has a thread of its own.
    private Task<Metadata> MetadataAsync(string topic) => Task.Factory.StartNew(
        () => admin.GetMetadata(topic, settings.RequestTimeout), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Features are rebuilt from the log's beginning; the brokers' default of a week would take what they count.</summary>
    private static Dictionary<string, string> KeptForEver() => new() { ["retention.ms"] = "-1" };

    private async Task<bool> TryCreateAsync(string topic, int partitions)
    {
        try
        {
            await admin.CreateTopicsAsync(
                [new TopicSpecification { Name = topic, NumPartitions = partitions, ReplicationFactor = BrokersDefault, Configs = KeptForEver() }],
                new CreateTopicsOptions { RequestTimeout = settings.RequestTimeout, OperationTimeout = settings.RequestTimeout });
            return true;
        }
        catch (CreateTopicsException e) when (e.Results[0].Error.Code == ErrorCode.TopicAlreadyExists)
        {
            return false;
        }
    }

    /// <summary>Brokers learn of a new topic one after the other: waits until it is described with a leader for each partition.</summary>
    private async Task<Streaming.Log.TopicDescription> LedAsync(string topic, CancellationToken cancellation)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < settings.RequestTimeout)
        {
            if (await FindAsync(topic, cancellation) is { HasLeaders: true } found)
            {
                return new Streaming.Log.TopicDescription(topic, found.Partitions, found.Identity);
            }

            await Task.Delay(LeaderPoll, TimeProvider.System, cancellation);
        }

        throw clients.TimedOut(where, $"waiting for leaders of the new topic \"{topic}\"", settings.RequestTimeout);
    }

    private async Task<T> CallAsync<T>(string doing, Func<Task<T>> call, CancellationToken cancellation)
    {
        try
        {
            return await call().WaitAsync(settings.RequestTimeout + settings.RequestTimeout, cancellation);
        }
        catch (TimeoutException e)
        {
            throw clients.TimedOut(where, doing, settings.RequestTimeout, e);
        }
        catch (KafkaException e)
        {
            throw clients.Failure(Cause(e), where, doing, e);
        }
    }

    /// <summary>The admin client wraps what went wrong with the one topic, partition or group that was asked for.</summary>
    private static Error Cause(KafkaException e) => e switch
    {
        CreateTopicsException { Results: [var first, ..] } => first.Error,
        DeleteTopicsException { Results: [var first, ..] } => first.Error,
        DescribeTopicsException { Results.TopicDescriptions: [var first, ..] } => first.Error,
        ListOffsetsException { Result.ResultInfos: [var first, ..] } => first.TopicPartitionOffsetError.Error,
        ListConsumerGroupOffsetsException { Results: [{ Error.IsError: true } first, ..] } => first.Error,
        ListConsumerGroupOffsetsException { Results: [{ Partitions: [var first, ..] }, ..] } => first.Error,
        AlterConsumerGroupOffsetsException { Results: [{ Error.IsError: true } first, ..] } => first.Error,
        AlterConsumerGroupOffsetsException { Results: [{ Partitions: [var first, ..] }, ..] } => first.Error,
        _ => e.Error,
    };

    private sealed record Found(int Partitions, string Identity, bool HasLeaders);
}
