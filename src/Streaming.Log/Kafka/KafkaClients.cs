using Confluent.Kafka;

namespace Streaming.Log.Kafka;

/// <summary>Makes librdkafka's clients, each with the properties that this log's guarantees rest on.</summary>
internal sealed class KafkaClients(KafkaSettings settings)
{
    /// <summary>Librdkafka wants one; readers are assigned by hand and never join or commit to it.</summary>
    private const string ReaderGroup = "streaming-reader";

    /// <summary>Librdkafka's default.</summary>
    private const int PollIntervalMaxMs = 300_000;

    /// <summary>What the clients say of their connections, for the requests that wait meanwhile.</summary>
    public BrokerWatch Watch { get; } = new();

    /// <summary>How long an answer may take: brokers that never answered may be starting, those that did are frozen or gone.</summary>
    public TimeSpan Bound => Watch.HasAnswered && settings.AnswerTimeout < settings.RequestTimeout ? settings.AnswerTimeout : settings.RequestTimeout;

    private int _isToldUnreachable;
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

    public IConsumer<Staged, Staged> Consumer(StagingDeserializer deserializer) => Consumer(deserializer, ReaderGroup, IsolationLevel.ReadCommitted);

    /// <summary>Takes what a consumer that reads nothing says of its connections; it would be kept for ever.</summary>
    public static void Drain(IConsumer<Staged, Staged> consumer)
    {
        try
        {
            consumer.Consume(TimeSpan.Zero);
        }
        catch (ConsumeException)
        {
            // The next request meets it again, and says so.
        }
    }

    /// <summary>A consumer that only looks up offsets.</summary>
    public IConsumer<Staged, Staged> Offsets(IsolationLevel isolation) => Consumer(new StagingDeserializer(), ReaderGroup, isolation);

    /// <summary>A consumer that only reads and commits a group's offsets; it never joins.</summary>
    public IConsumer<Staged, Staged> Group(string group) => Consumer(new StagingDeserializer(), group, IsolationLevel.ReadCommitted);

    private IConsumer<Staged, Staged> Consumer(StagingDeserializer deserializer, string group, IsolationLevel isolation)
    {
        var config = With(new ConsumerConfig
        {
            // How long a commit waits for a coordinator; nobody joins a group. Librdkafka takes no more than its max.poll.interval.ms.
            SessionTimeoutMs = (int)Math.Min(settings.AnswerTimeout.TotalMilliseconds, PollIntervalMaxMs),
            MaxPollIntervalMs = PollIntervalMaxMs,
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
        config.GroupId = group;
        config.IsolationLevel = isolation;
        config.ConsumeResultFields = "timestamp";
        return new ConsumerBuilder<Staged, Staged>(config)
            .SetKeyDeserializer(deserializer).SetValueDeserializer(deserializer).SetErrorHandler((_, error) => Note(error, null)).SetLogHandler(Quiet).Build();
    }

    /// <summary>
    /// An admin client on a consumer's handle, and the consumer, which must outlive it. It makes, deletes and describes topics; nothing else,
    /// see <see cref="KafkaGroups"/>.
    /// </summary>
    public (IAdminClient Admin, IDisposable Owner) Admin()
    {
        var owner = Offsets(IsolationLevel.ReadCommitted);
        return (new DependentAdminClientBuilder(owner.Handle).Build(), owner);
    }

    /// <summary>Waits for an answer within <see cref="Bound"/>, or until the brokers are gone or refuse this client. The request goes on by itself then.</summary>
    public async Task<T> AskAsync<T>(string doing, string where, Task<T> answer, CancellationToken cancellation)
    {
        var bound = Bound;
        try
        {
            return await Watch.AnswersAsync(answer).WaitAsync(bound, TimeProvider.System, cancellation)
                ? await answer
                : throw new KafkaException(Watch.Refusal ?? new Error(ErrorCode.Local_AllBrokersDown));
        }
        catch (TimeoutException e)
        {
            throw TimedOut(where, doing, bound, e);
        }
        catch (KafkaException e)
        {
            throw Failure(KafkaAdmin.Cause(e), where, doing, e);
        }
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

        if (KafkaFailure.IsRefusal(error.Code))
        {
            Watch.Refused(error);
        }
        else if (error.Code == ErrorCode.Local_AllBrokersDown)
        {
            Watch.Down();
            TellUnreachable();
        }

        failed?.Invoke(error);
    }

    /// <summary>Said once, when it is met: who waits for brokers that may be starting would otherwise wait for the whole bound without a word.</summary>
    private void TellUnreachable()
    {
        if (!Watch.HasAnswered && Watch.Refusal is null && settings.Unreachable is { } tell && Interlocked.Exchange(ref _isToldUnreachable, 1) == 0)
        {
            tell($"Kafka {settings.BootstrapServers}: no broker answers yet. {KafkaFailure.Said(Said())}{KafkaFailure.ProtocolHint(Said())}"
                + $"Trying for {settings.RequestTimeout.TotalSeconds:0.#} s (streaming.kafka.request-timeout).");
        }
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
