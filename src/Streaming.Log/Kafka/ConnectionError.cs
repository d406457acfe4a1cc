using Confluent.Kafka;

namespace Streaming.Log.Kafka;

/// <summary>What librdkafka reported of its connections lately; the default is nothing.</summary>
/// <param name="Text">Its words.</param>
/// <param name="Refusal">How a broker refused the connection.</param>
/// <param name="IsHangUp">Whether the listeners closed every connection without an error, as they do when the protocol is wrong.</param>
internal readonly record struct ConnectionError(string? Text, ErrorCode? Refusal = null, bool IsHangUp = false)
{
    /// <summary>Sentences for a message, each with a space behind it.</summary>
    public override string ToString() => Text is null ? string.Empty : $"Last error of the connection: {Text.TrimEnd('.', ' ')}. {Setting}";

    // Librdkafka names its own property where it suspects the protocol; here it has another name.
    private string Setting => IsHangUp || Text!.Contains("security.protocol", StringComparison.Ordinal)
        ? "Look at streaming.kafka.security.protocol: it must be the protocol of the listener. "
        : string.Empty;
}
