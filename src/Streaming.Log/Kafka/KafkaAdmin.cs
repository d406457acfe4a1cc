using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Streaming.Log.Kafka;

/// <summary>Topics through the admin client: asynchronous, each request with a bound.</summary>
internal sealed class KafkaAdmin : IDisposable
{
    private const short BrokersDefault = -1;
    private static readonly TimeSpan s_leaderPoll = TimeSpan.FromMilliseconds(20);
    private readonly KafkaClients _clients;
    private readonly IAdminClient _admin;
    private readonly IDisposable _owner;
    private readonly KafkaSettings _settings;
    private readonly string _where;

    public KafkaAdmin(KafkaClients clients, KafkaSettings settings, string where)
    {
        (_admin, _owner) = clients.Admin();
        _clients = clients;
        _settings = settings;
        _where = where;
    }

    public async Task<Streaming.Log.TopicDescription?> DescribeAsync(string topic, CancellationToken cancellation) =>
        await FindAsync(topic, cancellation) is { } found
            ? new Streaming.Log.TopicDescription(topic, found.Partitions, found.Identity)
            : null;

    public async Task<Streaming.Log.TopicDescription> CreateAsync(string topic, int partitions, CancellationToken cancellation)
    {
        if (await DescribeAsync(topic, cancellation) is not { } there)
        {
            await CallAsync($"creating topic \"{topic}\"", () => TryCreateAsync(topic, partitions), cancellation);
            there = await LedAsync(topic, cancellation);
        }

        return there.Partitions == partitions ? there : throw LogArgument.OtherPartitions(there, partitions, _where);
    }

    public Task<bool> DeleteAsync(string topic, CancellationToken cancellation) => CallAsync(
        $"deleting topic \"{topic}\"",
        async () =>
        {
            try
            {
                await _admin.DeleteTopicsAsync(
                    [topic],
                    new DeleteTopicsOptions { RequestTimeout = _settings.RequestTimeout, OperationTimeout = _settings.RequestTimeout });
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
        _admin.Dispose();
        _owner.Dispose();
    }

    private Task<Found?> FindAsync(string topic, CancellationToken cancellation) =>
        _clients.AskAsync(
            $"describing topic \"{topic}\"", _where, _settings.TopicIds ? FindWithIdAsync(topic) : FindByNameAsync(topic), cancellation);

    private async Task<Found?> FindWithIdAsync(string topic)
    {
        try
        {
            var result = await _admin.DescribeTopicsAsync(
                TopicCollection.OfTopicNames([topic]), new DescribeTopicsOptions { RequestTimeout = _settings.RequestTimeout });
            var found = result.TopicDescriptions[0];
            return new Found(
                found.Partitions.Count, found.TopicId.ToString(), found.Partitions.TrueForAll(static p => p.Leader is { Id: >= 0 }));
        }
        catch (DescribeTopicsException e) when (KafkaFailure.IsNoTopic(e.Results.TopicDescriptions[0].Error.Code))
        {
            return null;
        }
    }

    /// <summary>It blocks, so it has a thread.</summary>
    private Task<Metadata> MetadataAsync(string topic) => Task.Factory.StartNew(
        () =>
            _admin.GetMetadata(topic, _settings.RequestTimeout),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

    private async Task<Found?> FindByNameAsync(string topic)
    {
        var metadata = await MetadataAsync(topic);
        var found = metadata.Topics.Find(one => one.Topic == topic);
        return found is null || found.Partitions.Count == 0 || KafkaFailure.IsNoTopic(found.Error.Code)
            ? null
            : new Found(found.Partitions.Count, $"name:{topic}", found.Partitions.TrueForAll(static p => p.Leader >= 0));
    }

    /// <summary>
    /// Features are rebuilt from the log's beginning; brokers' defaults of age or size, or compaction to a record a key, would take what
    /// they count.
    /// </summary>
    private static Dictionary<string, string> KeptForEver() =>
        new() { ["retention.ms"] = "-1", ["retention.bytes"] = "-1", ["cleanup.policy"] = "delete" };

    private async Task<bool> TryCreateAsync(string topic, int partitions)
    {
        try
        {
            await _admin.CreateTopicsAsync(
                [
                    new TopicSpecification
                    {
                        Name = topic,
                        NumPartitions = partitions,
                        ReplicationFactor = BrokersDefault,
                        Configs = KeptForEver(),
                    },
                ],
                new CreateTopicsOptions { RequestTimeout = _settings.RequestTimeout, OperationTimeout = _settings.RequestTimeout });
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
        while (TimeProvider.System.GetElapsedTime(start) < _settings.RequestTimeout)
        {
            if (await FindAsync(topic, cancellation) is { HasLeaders: true } found)
            {
                return new Streaming.Log.TopicDescription(topic, found.Partitions, found.Identity);
            }

            await Task.Delay(s_leaderPoll, TimeProvider.System, cancellation);
        }

        throw _clients.TimedOut(_where, $"waiting for leaders of the new topic \"{topic}\"", _settings.RequestTimeout);
    }

    private async Task<T> CallAsync<T>(string doing, Func<Task<T>> call, CancellationToken cancellation)
    {
        try
        {
            return await call().WaitAsync(_settings.RequestTimeout + _settings.RequestTimeout, cancellation);
        }
        catch (TimeoutException e)
        {
            throw _clients.TimedOut(_where, doing, _settings.RequestTimeout, e);
        }
        catch (KafkaException e)
        {
            throw _clients.Failure(Cause(e), _where, doing, e);
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

    private sealed record Found(int Partitions, string Identity, bool HasLeaders);
}
