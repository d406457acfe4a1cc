using Confluent.Kafka;

namespace Streaming.Log.Kafka;

/// <summary>What Kafka's error codes mean to a caller of the log.</summary>
internal static class KafkaFailure
{
    /// <param name="error">Librdkafka's error for the request.</param>
    /// <param name="where">Which log.</param>
    /// <param name="doing">The request.</param>
    /// <param name="inner">The cause.</param>
    /// <param name="connection">What is known of the connections, where the error itself does not give the cause.</param>
    public static EventLogException Of(
        Error error, string where, string doing, Exception? inner = null, ConnectionError connection = default)
    {
        var code = connection.Refusal ?? error.Code;
        var message = $"{where}: {doing} failed: {error.Reason} ({error.Code}). {connection}{Advice(code)}";
        return new EventLogException(message, retriable: !IsMistake(code), inner);
    }

    /// <summary>A request that was not answered in time.</summary>
    public static EventLogException TimedOut(
        string where, string doing, TimeSpan bound, Exception? inner = null, ConnectionError connection = default)
    {
        var advice = connection.Refusal is { } code ? Advice(code) : "The brokers cannot be reached or are busy; try again.";
        var message = $"{where}: {doing} took longer than {bound.TotalSeconds:0.#} s. {connection}{advice}";
        return new EventLogException(message, retriable: connection.Refusal is null, inner);
    }

    /// <summary>Whether a broker refused the credentials, or TLS failed. Waiting does not help.</summary>
    public static bool IsRefusal(ErrorCode code) => IsCredentials(code) || code is ErrorCode.Local_Ssl;

    /// <summary>Whether a broker refused the credentials.</summary>
    public static bool IsCredentials(ErrorCode code) => code is ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed;

    /// <summary>Whether a code says only that no answer came, not why.</summary>
    public static bool IsNoAnswer(ErrorCode code) => code is
        ErrorCode.Local_TimedOut or ErrorCode.Local_Transport or ErrorCode.Local_AllBrokersDown or ErrorCode.Local_MsgTimedOut
        or ErrorCode.Local_TimedOutQueue or ErrorCode.RequestTimedOut;

    /// <summary>Whether there is no such topic.</summary>
    public static bool IsNoTopic(ErrorCode code) =>
        code is ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition;

    /// <summary>Whether another broker leads the partition now, or the same one in a newer epoch.</summary>
    public static bool IsOtherLeader(ErrorCode code) =>
        code is ErrorCode.FencedLeaderEpoch or ErrorCode.UnknownLeaderEpoch or ErrorCode.NotLeaderForPartition;

    /// <summary>Errors that stay until somebody changes something. All others are outages.</summary>
    private static bool IsMistake(ErrorCode code) => IsNoTopic(code) || IsRefusal(code) || code is
        ErrorCode.TopicAuthorizationFailed or ErrorCode.GroupAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed
        or ErrorCode.Local_InvalidArg or ErrorCode.Local_UnsupportedFeature or ErrorCode.UnsupportedVersion
        or ErrorCode.MsgSizeTooLarge or ErrorCode.InvalidMsg or ErrorCode.RecordListTooLarge
        or ErrorCode.TopicException or ErrorCode.InvalidPartitions or ErrorCode.InvalidReplicationFactor
        or ErrorCode.InvalidConfig or ErrorCode.PolicyViolation or ErrorCode.InvalidTimestamp or ErrorCode.InvalidRecord;

    private static string Advice(ErrorCode code) => code switch
    {
        _ when IsNoTopic(code) => "Create the topic first, or name one that exists.",
        ErrorCode.MsgSizeTooLarge or ErrorCode.RecordListTooLarge =>
            "Raise streaming.kafka.record-bytes-max here and message.max.bytes at the brokers, or send smaller records.",
        _ when IsCredentials(code) =>
            "The brokers refuse the credentials: look at streaming.kafka.sasl.* (mechanism, username, password) and " +
            "streaming.kafka.security.protocol; trying again will not help.",
        _ when IsRefusal(code) =>
            "TLS with the brokers failed: look at streaming.kafka.security.protocol, streaming.kafka.sasl.* and the ssl.* of " +
            "streaming.kafka.properties; trying again will not help.",
        ErrorCode.InvalidTimestamp => "The brokers refuse timestamps too far from their clock (message.timestamp.after.max.ms).",
        _ when IsMistake(code) => "Fix the configuration; trying again will not help.",
        _ => "This is an outage; try again.",
    };
}
