namespace Streaming.Log.Kafka;

/// <summary>Why librdkafka refuses a property.</summary>
/// <param name="IsUnknown">There is no property of this name; otherwise the value is wrong.</param>
/// <param name="Said">Librdkafka's message.</param>
public sealed record KafkaPropertyFault(bool IsUnknown, string Said);
