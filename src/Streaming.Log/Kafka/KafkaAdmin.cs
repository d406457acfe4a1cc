using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Streaming.Log.Kafka;

/// <summary>
/// Creates, deletes and describes topics. Librdkafka 2.16.0 can end the process when a request of the admin client gets no answer, so a
/// topic's id is asked for only after a plain metadata request was answered, and for one topic at a time.
/// </summary>
internal sealed class KafkaAdmin(KafkaClients clients, KafkaSettings settings, string where) : IDisposable
{
    private const short BrokersDefault = -1;
    private const int TurnBounds = 4;
    private static readonly TimeSpan s_leaderPoll = TimeSpan.FromMilliseconds(20);
    private readonly KafkaMetadata _metadata = new(clients, where);
    private readonly SemaphoreSlim _oneAtATime = new(1);

    public Task<Streaming.Log.TopicDescription?> DescribeAsync(string topic, CancellationToken cancellation) =>
        clients.AskAsync(KafkaMetadata.Describing(topic), where, DescribeInTurnAsync(topic), cancellation);

    /// <summary>The number of a topic's partitions; null when there is no such topic.</summary>
    public async Task<int?> PartitionsAsync(string topic, CancellationToken cancellation) =>
        (await _metadata.FindAsync(topic, cancellation))?.Partitions.Count;

    public async Task<Streaming.Log.TopicDescription> CreateAsync(string topic, int partitions, CancellationToken cancellation)
    {
        if (await DescribeAsync(topic, cancellation) is not { } there)
        {
            await CallAsync($"creating topic \"{topic}\"", () => TryCreateAsync(topic, partitions), cancellation);
            there = await LedAsync(topic, cancellation);
        }

        return there.Partitions == partitions ? there : throw LogArgument.OtherPartitions(there, partitions, where);
    }

    /// <summary>A topic's retention; null when there is no such topic, or the brokers do not say.</summary>
    public Task<KafkaRetention?> RetentionAsync(string topic, CancellationToken cancellation) => clients.AskAsync(
        $"reading the retention of topic \"{topic}\"",
        where,
        InTurnAsync(async () => await _metadata.FindAsync(topic, CancellationToken.None) is null ? null : await ReadRetentionAsync(topic)),
        cancellation);

    public Task<bool> DeleteAsync(string topic, CancellationToken cancellation) => CallAsync(
        $"deleting topic \"{topic}\"",
        async () =>
        {
            // Only to know that the brokers answer.
            await _metadata.FindAsync(topic, cancellation);
            try
            {
                await _metadata.Admin.DeleteTopicsAsync(
                    [topic],
                    new DeleteTopicsOptions { RequestTimeout = settings.RequestTimeout, OperationTimeout = settings.RequestTimeout });
                return true;
            }
            catch (DeleteTopicsException e) when (KafkaFailure.IsNoTopic(e.Results[0].Error.Code))
            {
                return false;
            }
        },
        cancellation);

    public void Dispose()
    {
        _metadata.Dispose();
        _oneAtATime.Dispose();
    }

    private Task<Streaming.Log.TopicDescription?> DescribeInTurnAsync(string topic) => InTurnAsync(
        async () => await _metadata.FindAsync(topic, CancellationToken.None) switch
        {
            null => null,
            _ when settings.TopicIds => await DescribeWithIdAsync(topic),
            var found => new Streaming.Log.TopicDescription(topic, found.Partitions.Count, $"name:{topic}"),
        });

    private async Task<T> InTurnAsync<T>(Func<Task<T>> ask)
    {
        if (!await _oneAtATime.WaitAsync(clients.Bound))
        {
            throw new TimeoutException();
        }

        try
        {
            // Each step has a bound of its own; a request that the client lost must not keep the others waiting for ever.
            return await ask().WaitAsync(clients.Bound * TurnBounds);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async Task<KafkaRetention?> ReadRetentionAsync(string topic)
    {
        try
        {
            var described = await _metadata.Admin.DescribeConfigsAsync(
                [new ConfigResource { Type = ResourceType.Topic, Name = topic }],
                new DescribeConfigsOptions { RequestTimeout = clients.Bound });
            var entries = described[0].Entries;
            return new KafkaRetention(
                Limit(entries, "retention.ms"),
                Limit(entries, "retention.bytes"),
                entries.GetValueOrDefault("cleanup.policy")?.Value.Contains("compact", StringComparison.Ordinal) == true);
        }
        catch (DescribeConfigsException)
        {
            // Brokers that do not allow it, or do not know it.
            return null;
        }
    }

    private static long? Limit(Dictionary<string, ConfigEntryResult> entries, string key) =>
        long.TryParse(entries.GetValueOrDefault(key)?.Value, CultureInfo.InvariantCulture, out var limit) && limit >= 0 ? limit : null;

    private async Task<Streaming.Log.TopicDescription?> DescribeWithIdAsync(string topic)
    {
        try
        {
            var result = await _metadata.Admin.DescribeTopicsAsync(
                TopicCollection.OfTopicNames([topic]), new DescribeTopicsOptions { RequestTimeout = clients.Bound });
            var found = result.TopicDescriptions[0];
            return new Streaming.Log.TopicDescription(topic, found.Partitions.Count, found.TopicId.ToString());
        }
        catch (DescribeTopicsException e) when (KafkaFailure.IsNoTopic(e.Results.TopicDescriptions[0].Error.Code))
        {
            return null;
        }
    }

    /// <summary>
    /// Features are rebuilt from the log's beginning; brokers' defaults of age or size, or compaction to a record a key, would take what
    /// they count.
    /// </summary>
    private static Dictionary<string, string> UnlimitedRetention() =>
        new() { ["retention.ms"] = "-1", ["retention.bytes"] = "-1", ["cleanup.policy"] = "delete" };

    private async Task<bool> TryCreateAsync(string topic, int partitions)
    {
        try
        {
            await _metadata.Admin.CreateTopicsAsync(
                [
                    new TopicSpecification
                    {
                        Name = topic,
                        NumPartitions = partitions,
                        ReplicationFactor = BrokersDefault,
                        Configs = UnlimitedRetention(),
                    },
                ],
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
            if (await _metadata.FindAsync(topic, cancellation) is { } found
                && found.Partitions.TrueForAll(static partition => partition.Leader >= 0)
                && await DescribeAsync(topic, cancellation) is { } created)
            {
                return created;
            }

            await Task.Delay(s_leaderPoll, TimeProvider.System, cancellation);
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

    /// <summary>The admin client wraps what went wrong with the one topic that was asked for.</summary>
    public static Error Cause(KafkaException e) => e switch
    {
        CreateTopicsException { Results: [var first, ..] } => first.Error,
        DeleteTopicsException { Results: [var first, ..] } => first.Error,
        DescribeTopicsException { Results.TopicDescriptions: [var first, ..] } => first.Error,
        _ => e.Error,
    };
}
