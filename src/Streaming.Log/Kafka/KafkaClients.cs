using Confluent.Kafka;

namespace Streaming.Log.Kafka;

/// <summary>Makes librdkafka's clients, each with the properties that this log's guarantees rest on.</summary>
internal sealed class KafkaClients(KafkaSettings settings)
{
    /// <summary>Librdkafka wants one; readers are assigned by hand and never join or commit to it.</summary>
    private const string ReaderGroup = "streaming-reader";

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
        return new ProducerBuilder<byte[], byte[]>(config).SetErrorHandler((_, error) => failed(error)).SetLogHandler(Quiet).Build();
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
        config.AutoOffsetReset = AutoOffsetReset.Error;
        config.AllowAutoCreateTopics = false;
        config.IsolationLevel = IsolationLevel.ReadCommitted;
        config.ConsumeResultFields = "timestamp";
        return new ConsumerBuilder<Staged, Staged>(config)
            .SetKeyDeserializer(deserializer).SetValueDeserializer(deserializer).SetErrorHandler(static (_, _) => { }).SetLogHandler(Quiet).Build();
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

    /// <summary>Connections that come and go are librdkafka's business; what fails for good comes back as an exception.</summary>
    private static void Quiet(IClient client, LogMessage message)
    {
    }

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
