namespace Streaming.Log.Kafka;

/// <summary>How long the brokers keep a topic's records, by its configuration.</summary>
/// <param name="Millis">retention.ms; null without limit.</param>
/// <param name="Bytes">retention.bytes, of each partition; null without limit.</param>
/// <param name="IsCompacted">Whether cleanup.policy leaves only the last record of each key.</param>
public sealed record KafkaRetention(long? Millis, long? Bytes, bool IsCompacted);
