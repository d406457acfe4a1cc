using Confluent.Kafka;

namespace Streaming.Log.Kafka;

/// <summary>Makes librdkafka's clients, each with the properties that this log's guarantees rest on.</summary>
internal sealed class KafkaClients(KafkaSettings settings)
{
    /// <summary>Librdkafka requires a group. Readers never join it or commit to it: partitions are assigned by hand.</summary>
    private const string ReaderGroup = "streaming-reader";

    /// <summary>Librdkafka's default.</summary>
    private const int PollIntervalMaxMs = 300_000;

    /// <summary>Whether brokers answer, by what all clients report of their connections.</summary>
    public BrokerWatch Watch { get; } = new();

    /// <summary>How long an answer may take. Brokers that have never answered may still be starting, so they get longer.</summary>
    public TimeSpan Bound =>
        Watch.HasAnswered && settings.AnswerTimeout < settings.RequestTimeout ? settings.AnswerTimeout : settings.RequestTimeout;

    private int _unreachableReported;
    private volatile Report? _lastError;
    private volatile Report? _lastLogged;

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
        return new ProducerBuilder<byte[], byte[]>(config)
            .SetErrorHandler((_, error) => OnError(error, failed))
            .SetLogHandler(OnLog)
            .Build();
    }

    public IConsumer<Staged, Staged> Consumer(StagingDeserializer deserializer) =>
        Consumer(deserializer, ReaderGroup, IsolationLevel.ReadCommitted);

    /// <summary>Takes the errors that a consumer without assigned partitions reports; its queue would grow otherwise.</summary>
    public static void Drain(IConsumer<Staged, Staged> consumer)
    {
        try
        {
            consumer.Consume(TimeSpan.Zero);
        }
        catch (ConsumeException)
        {
            // The error handler has it, and the next request fails with it.
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
            // Nobody joins a group; but a commit waits this long for a coordinator. At most max.poll.interval.ms is allowed.
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
            .SetKeyDeserializer(deserializer)
            .SetValueDeserializer(deserializer)
            .SetErrorHandler((_, error) => OnError(error, null))
            .SetLogHandler(OnLog)
            .Build();
    }

    /// <summary>
    /// Waits for an answer until <see cref="Bound"/> has passed, or the brokers are gone or refuse this client. The request itself is not
    /// cancelled.
    /// </summary>
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

    /// <summary>A request that failed. Where its error does not give the cause, the message has the connections' last one.</summary>
    public EventLogException Failure(Error error, string where, string doing, Exception? inner) =>
        KafkaFailure.Of(error, where, doing, inner, KafkaFailure.IsNoAnswer(error.Code) ? RecentConnectionError() : default);

    /// <summary>A request that was not answered in time.</summary>
    public EventLogException TimedOut(string where, string doing, TimeSpan bound, Exception? inner = null) =>
        KafkaFailure.TimedOut(where, doing, bound, inner, RecentConnectionError());

    private ConnectionError RecentConnectionError()
    {
        var (error, logged) = (Recent(_lastError), Recent(_lastLogged));
        var text = error is null || logged is null || error.Text == logged.Text
            ? (error ?? logged)?.Text
            : $"{error.Text}; {logged.Text}";
        ErrorCode? refusal = error is { Code: var code } && KafkaFailure.IsRefusal(code) ? code : null;
        return new ConnectionError(text, refusal, !Watch.HasAnswered && error?.Code == ErrorCode.Local_AllBrokersDown);
    }

    private Report? Recent(Report? report) =>
        report is not null && TimeProvider.System.GetElapsedTime(report.At) < 2 * settings.RequestTimeout ? report : null;

    private void OnError(Error error, Action<Error>? failed)
    {
        // "All brokers are down" comes after the error that says why, if there is one: a listener that hangs up is none.
        if (error.Code != ErrorCode.Local_AllBrokersDown || Recent(_lastError) is null)
        {
            _lastError = new Report($"{error.Reason} ({error.Code})", error.Code, TimeProvider.System.GetTimestamp());
        }

        if (KafkaFailure.IsRefusal(error.Code))
        {
            Watch.Refused(error);
        }
        else if (error.Code == ErrorCode.Local_AllBrokersDown)
        {
            Watch.Down();
            ReportUnreachable();
        }

        failed?.Invoke(error);
    }

    /// <summary>Once: brokers may be starting, so requests wait long, and their caller should know what for.</summary>
    private void ReportUnreachable()
    {
        if (settings.Unreachable is not { } report || Watch.HasAnswered || Watch.Refusal is not null
            || Interlocked.Exchange(ref _unreachableReported, 1) != 0)
        {
            return;
        }

        report($"Kafka {settings.BootstrapServers}: no broker answers yet. {RecentConnectionError()}" +
            $"Trying for {settings.RequestTimeout.TotalSeconds:0.#} s (streaming.kafka.request-timeout).");
    }

    /// <summary>Librdkafka reconnects by itself, so its lines are not logged. The last error is kept for a request that fails.</summary>
    private void OnLog(IClient client, LogMessage message)
    {
        if (message.Level <= SyslogLevel.Error)
        {
            _lastLogged = new Report(message.Message, ErrorCode.NoError, TimeProvider.System.GetTimestamp());
        }
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

    /// <summary>What a client reported, and when.</summary>
    private sealed record Report(string Text, ErrorCode Code, long At);
}
