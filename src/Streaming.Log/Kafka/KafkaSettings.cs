using System.Collections.Immutable;

namespace Streaming.Log.Kafka;

/// <summary>
/// How a <see cref="KafkaEventLog"/> reaches its brokers and how much it holds in memory; the defaults are those of reference.conf.
/// </summary>
/// <param name="BootstrapServers"><c>host:port</c>, comma-separated.</param>
public sealed record KafkaSettings(string BootstrapServers)
{
    /// <summary>
    /// Further librdkafka properties, for producer, consumers and admin client alike (<c>security.protocol</c>, <c>sasl.username</c>,
    /// <c>ssl.ca.location</c>, ...). They win over what this log sets itself, except for acks, idempotence, partitioner and isolation,
    /// which its guarantees need.
    /// </summary>
    public ImmutableSortedDictionary<string, string> Properties { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>
    /// How long one request to the brokers may take (topics, offsets, commits, opening a reader) while none has ever answered, and how
    /// long creating a topic may take.
    /// </summary>
    public TimeSpan RequestTimeout { get; init; } = LogDefaults.Span("streaming.kafka.request-timeout");

    /// <summary>
    /// How long a request for offsets, a commit or a look at a topic may take once brokers have answered; no longer than
    /// <see cref="RequestTimeout"/>.
    /// </summary>
    public TimeSpan AnswerTimeout { get; init; } = LogDefaults.Span("streaming.kafka.answer-timeout");

    /// <summary>
    /// How old a topic's identity and number of partitions may be in <see cref="IEventLog.DescribePartitionAsync"/>.
    /// </summary>
    public TimeSpan TopicCheckInterval { get; init; } = LogDefaults.Span("streaming.kafka.topic-check-interval");

    /// <summary>How long a record may be tried before its append fails as retriable.</summary>
    public TimeSpan DeliveryTimeout { get; init; } = LogDefaults.Span("streaming.kafka.delivery-timeout");

    /// <summary>How long the producer waits for more records to share a request.</summary>
    public TimeSpan Linger { get; init; } = LogDefaults.Span("streaming.kafka.linger");

    /// <summary>Chunks (of at most 1,000 records and about 1 MB) that are on their way; AppendAsync waits above it.</summary>
    public int ChunksInFlightMax { get; init; } = LogDefaults.Number("streaming.kafka.chunks-in-flight-max");

    /// <summary>How much one reader fetches ahead, in KiB. Memory is at most this times the readers.</summary>
    public int ReadAheadKibibytes { get; init; } = LogDefaults.Number("streaming.kafka.read-ahead-kibibytes");

    /// <summary>
    /// The largest record, key, value and Kafka's own bytes together; the brokers' <c>message.max.bytes</c> must allow it.
    /// </summary>
    public int RecordBytesMax { get; init; } = LogDefaults.Number("streaming.kafka.record-bytes-max");

    /// <summary>
    /// Whether brokers give each topic an id (Kafka 2.8 or later; librdkafka's mock brokers do not). Without, a topic's identity is its
    /// name, so that a topic which is deleted and created again looks like the old one.
    /// </summary>
    public bool TopicIds { get; init; } = true;

    /// <summary>
    /// Called once, as soon as it is known that no broker answers since the start, with the reason. Requests go on trying. Called on a
    /// thread of librdkafka.
    /// </summary>
    public Action<string>? Unreachable { get; init; }

    /// <summary>All settings with secrets masked.</summary>
    public override string ToString() =>
        $"Kafka {BootstrapServers} request.timeout={RequestTimeout} answer.timeout={AnswerTimeout} delivery.timeout={DeliveryTimeout} " +
        $"linger={Linger} "
        + string.Join(' ', Properties.Select(static p => $"{p.Key}={(KafkaProperties.IsSecret(p.Key) ? "***" : p.Value)}"));

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(BootstrapServers);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(RequestTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(AnswerTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(TopicCheckInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(DeliveryTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(Linger, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(ChunksInFlightMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ReadAheadKibibytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(RecordBytesMax, 1_000);
    }
}
