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
    /// How long one request to the brokers may take (topics, offsets, commits, opening a reader) while none has ever answered, and
    /// making a topic.
    /// </summary>
    public TimeSpan RequestTimeout { get; init; } = LogDefaults.Span("streaming.kafka.request-timeout");

    /// <summary>
    /// How long a request for offsets, a commit or a look at a topic may take once brokers have answered; no longer than
    /// <see cref="RequestTimeout"/>.
    /// </summary>
    public TimeSpan AnswerTimeout { get; init; } = LogDefaults.Span("streaming.kafka.answer-timeout");

    /// <summary>
    /// How old what <see cref="IEventLog.DescribePartitionAsync"/> says of the topic may be: its identity and its number of partitions.
    /// </summary>
    public TimeSpan TopicCheckInterval { get; init; } = LogDefaults.Span("streaming.kafka.topic-check-interval");

    /// <summary>How long a record may be tried before its append fails as retriable.</summary>
    public TimeSpan DeliveryTimeout { get; init; } = LogDefaults.Span("streaming.kafka.delivery-timeout");

    /// <summary>How long the producer waits for more records to share a request.</summary>
    public TimeSpan Linger { get; init; } = LogDefaults.Span("streaming.kafka.linger");

    /// <summary>Chunks (of at most 1,000 records and about 1 MB) that are on their way; AppendAsync waits above it.</summary>
    public int ChunksInFlightMax { get; init; } = LogDefaults.Number("streaming.kafka.chunks-in-flight-max");

    /// <summary>What one reader fetches ahead, in KiB; the ceiling of memory is this times the readers.</summary>
    public int ReadAheadKibibytes { get; init; } = LogDefaults.Number("streaming.kafka.read-ahead-kibibytes");

    /// <summary>
    /// The largest record, key, value and Kafka's own bytes together; the brokers' <c>message.max.bytes</c> must allow it.
    /// </summary>
    public int RecordBytesMax { get; init; } = LogDefaults.Number("streaming.kafka.record-bytes-max");

    /// <summary>
    /// Whether brokers give each topic an id (Kafka 2.8 or later). Without, a topic's identity is its name alone, so that a topic made
    /// anew is not told from the old one, and topics are looked up by plain metadata (librdkafka's mock brokers know nothing else).
    /// </summary>
    public bool TopicIds { get; init; } = true;

    /// <summary>
    /// Is told, once and at once, that no broker answers since the start, and why; the requests go on trying. On a thread of
    /// librdkafka's.
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
