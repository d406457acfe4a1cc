using Confluent.Kafka;

namespace Streaming.Log.Kafka;

/// <summary>Makes librdkafka's clients, each with the properties that this log's guarantees rest on.</summary>
internal sealed class KafkaClients(KafkaSettings settings)
{
    /// <summary>Librdkafka wants one; readers are assigned by hand and never join or commit to it.</summary>
    private const string ReaderGroup = "streaming-reader";

    /// <summary>What the clients say of their connections, for the requests that wait meanwhile.</summary>
    public BrokerWatch Watch { get; } = new();

    private volatile Trouble? _lastError;
    private volatile Trouble? _lastLine;

    public IProducer<byte[], byte[]> Producer(Action<Error> failed)
    {
        var config = With(new ProducerConfig
        {
            LingerMs = settings.Linger.TotalMilliseconds,
            MessageTimeoutMs = (int)settings.DeliveryTimeout.TotalMilliseconds,
            MessageMaxBytes = settings.RecordBytesMax,
            QueueBufferingMaxMessages = 200_000,
            QueueBufferingMaxKbytes = 512 << 10,
            ReconnectBackoffMaxMs = 500,
        });
        config.Acks = Acks.All;
        config.EnableIdempotence = true;
        config.Partitioner = Partitioner.Murmur2Random;
        config.DeliveryReportFields = "none";
        return new ProducerBuilder<byte[], byte[]>(config).SetErrorHandler((_, error) => Note(error, failed)).SetLogHandler(Quiet).Build();
    }

    public IConsumer<Staged, Staged> Consumer(StagingDeserializer deserializer)
    {
        var config = With(new ConsumerConfig
        {
            GroupId = ReaderGroup,
            FetchMaxBytes = Math.Max(settings.RecordBytesMax, settings.ReadAheadKibibytes << 10),
            MaxPartitionFetchBytes = Math.Max(settings.RecordBytesMax, 1 << 20),
            QueuedMaxMessagesKbytes = settings.ReadAheadKibibytes,
            FetchQueueBackoffMs = 2,
            FetchErrorBackoffMs = 50,
            ReconnectBackoffMaxMs = 500,
            CheckCrcs = true,
        });
        config.EnableAutoCommit = false;
        config.EnableAutoOffsetStore = false;
        config.EnablePartitionEof = true;
        config.AutoOffsetReset = AutoOffsetReset.Error;
        config.AllowAutoCreateTopics = false;
        config.IsolationLevel = IsolationLevel.ReadCommitted;
        config.ConsumeResultFields = "timestamp";
        return new ConsumerBuilder<Staged, Staged>(config)
            .SetKeyDeserializer(deserializer).SetValueDeserializer(deserializer).SetErrorHandler((_, error) => Note(error, null)).SetLogHandler(Quiet).Build();
    }

    /// <summary>
    /// An admin client on a consumer's handle, and the consumer, which must outlive it. On a handle of its own librdkafka 2.16.0 crashes
    /// the process while it asks for a group's offsets: the answer "not the coordinator" makes rd_kafka_handle_OffsetFetch use the
    /// consumer group that only a consumer's handle has.
    /// </summary>
    public (IAdminClient Admin, IDisposable Owner) Admin()
    {
        var owner = Consumer(new StagingDeserializer());
        return (new DependentAdminClientBuilder(owner.Handle).Build(), owner);
    }

    /// <summary>A failure, with what librdkafka said of its connections lately: a request that times out does not know why.</summary>
    public EventLogException Failure(Error error, string where, string doing, Exception? inner)
    {
        var refusal = Lately(_lastError) is { Refusal: { } code } ? code : (ErrorCode?)null;
        return KafkaFailure.Of(error, where, doing, inner, KafkaFailure.IsVague(error.Code) ? Said() : null, KafkaFailure.IsVague(error.Code) ? refusal : null);
    }

    /// <summary>The same for a request that got no answer at all.</summary>
    public EventLogException TimedOut(string where, string doing, TimeSpan bound, Exception? inner = null) =>
        KafkaFailure.TimedOut(where, doing, bound, inner, Said(), Lately(_lastError)?.Refusal);

    private string? Said() =>
        string.Join("; ", new[] { Lately(_lastError), Lately(_lastLine) }.Where(static said => said is not null).Select(static said => said!.Text).Distinct()) is { Length: > 0 } said
            ? said : null;

    private Trouble? Lately(Trouble? trouble) =>
        trouble is not null && TimeProvider.System.GetElapsedTime(trouble.At) < settings.RequestTimeout + settings.RequestTimeout ? trouble : null;

    private void Note(Error error, Action<Error>? failed)
    {
        // "All brokers are down" follows the reason why and says less.
        if (error.Code != ErrorCode.Local_AllBrokersDown || Lately(_lastError) is null)
        {
            _lastError = new Trouble($"{error.Reason} ({error.Code})", KafkaFailure.IsRefusal(error.Code) ? error.Code : null, TimeProvider.System.GetTimestamp());
        }

        if (KafkaFailure.IsCredentials(error.Code))
        {
            Watch.Refused(error);
        }
        else if (error.Code == ErrorCode.Local_AllBrokersDown)
        {
            Watch.Down();
        }

        failed?.Invoke(error);
    }

    /// <summary>Connections that come and go are librdkafka's business; the last line of an error is kept for who waits in vain.</summary>
    private void Quiet(IClient client, LogMessage message)
    {
        if (message.Level <= SyslogLevel.Error)
        {
            _lastLine = new Trouble(message.Message, null, TimeProvider.System.GetTimestamp());
        }
    }

    private sealed record Trouble(string Text, ErrorCode? Refusal, long At);

    private T With<T>(T config)
        where T : ClientConfig
    {
        config.BootstrapServers = settings.BootstrapServers;
        config.ClientId = "streaming";
        foreach (var (key, value) in settings.Properties)
        {
            config.Set(key, value);
        }

        return config;
    }
}
