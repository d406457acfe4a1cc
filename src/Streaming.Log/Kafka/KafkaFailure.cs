using Confluent.Kafka;

namespace Streaming.Log.Kafka;

/// <summary>What Kafka's error codes mean to a caller of the log.</summary>
internal static class KafkaFailure
{
    /// <param name="error">What librdkafka says of the request.</param>
    /// <param name="where">Which log.</param>
    /// <param name="doing">The request.</param>
    /// <param name="inner">The cause.</param>
    /// <param name="said">What it said of its connections lately.</param>
    /// <param name="refusal">How brokers refused a connection lately, where the request itself does not know.</param>
    public static EventLogException Of(Error error, string where, string doing, Exception? inner = null, string? said = null, ErrorCode? refusal = null) =>
        new($"{where}: {doing} failed: {error.Reason} ({error.Code}). {Said(said)}{ProtocolHint(said)}{Hint(refusal ?? error.Code)}", !IsMistake(refusal ?? error.Code), inner);

    /// <summary>A request that got no answer within its bound.</summary>
    public static EventLogException TimedOut(string where, string doing, TimeSpan bound, Exception? inner = null, string? said = null, ErrorCode? refusal = null) => new(
        $"{where}: {doing} took longer than {bound.TotalSeconds:0.#} s. {Said(said)}{ProtocolHint(said)}{(refusal is { } code ? Hint(code) : "The brokers are out of reach or busy; it is worth trying again.")}",
        retriable: refusal is null,
        inner);

    /// <summary>Whether brokers refused who connects, or cannot be told from somebody else: waiting does not help.</summary>
    public static bool IsRefusal(ErrorCode code) => IsCredentials(code) || code is ErrorCode.Local_Ssl;

    /// <summary>Whether a broker refused the credentials.</summary>
    public static bool IsCredentials(ErrorCode code) => code is ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed;

    /// <summary>Whether a code only says that no answer came.</summary>
    public static bool IsVague(ErrorCode code) =>
        code is ErrorCode.Local_TimedOut or ErrorCode.Local_Transport or ErrorCode.Local_AllBrokersDown or ErrorCode.Local_MsgTimedOut or ErrorCode.Local_TimedOutQueue
            or ErrorCode.RequestTimedOut;

    /// <summary>What librdkafka said last, as a sentence.</summary>
    public static string Said(string? said) => said is null ? string.Empty : $"Last heard: {said.TrimEnd('.', ' ')}. ";

    /// <summary>Where a listener hangs up on the first request, librdkafka guesses that it speaks another protocol, and is mostly right.</summary>
    public static string ProtocolHint(string? said) =>
        said?.Contains("security.protocol", StringComparison.Ordinal) == true ? "Look at streaming.kafka.security.protocol: it must be what the listener speaks. " : string.Empty;

    /// <summary>Whether there is no such topic.</summary>
    public static bool IsNoTopic(ErrorCode code) => code is ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition;

    /// <summary>Whether somebody else leads the partition by now, or the same broker in a newer epoch.</summary>
    public static bool IsOtherLeader(ErrorCode code) => code is ErrorCode.FencedLeaderEpoch or ErrorCode.UnknownLeaderEpoch or ErrorCode.NotLeaderForPartition;

    /// <summary>What stays wrong until somebody mends it; all else is an outage.</summary>
    private static bool IsMistake(ErrorCode code) => IsNoTopic(code) || code is
        ErrorCode.TopicAuthorizationFailed or ErrorCode.GroupAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed or ErrorCode.SaslAuthenticationFailed
        or ErrorCode.Local_Authentication or ErrorCode.Local_Ssl or ErrorCode.Local_InvalidArg or ErrorCode.Local_UnsupportedFeature or ErrorCode.UnsupportedVersion
        or ErrorCode.MsgSizeTooLarge or ErrorCode.InvalidMsg or ErrorCode.RecordListTooLarge or ErrorCode.TopicException or ErrorCode.InvalidPartitions
        or ErrorCode.InvalidReplicationFactor or ErrorCode.InvalidConfig or ErrorCode.PolicyViolation or ErrorCode.InvalidTimestamp or ErrorCode.InvalidRecord;

    private static string Hint(ErrorCode code) => code switch
    {
        _ when IsNoTopic(code) => "Create the topic first, or name one that exists.",
        ErrorCode.MsgSizeTooLarge or ErrorCode.RecordListTooLarge => "Raise streaming.kafka.record-bytes-max here and message.max.bytes at the brokers, or send smaller records.",
        _ when IsCredentials(code) => "The brokers refuse the credentials: look at streaming.kafka.sasl.* (mechanism, username, password) and streaming.kafka.security.protocol; trying again will not help.",
        _ when IsRefusal(code) => "The brokers refuse this client: look at streaming.kafka.security.protocol, streaming.kafka.sasl.* and the ssl.* of streaming.kafka.properties; trying again will not help.",
        ErrorCode.InvalidTimestamp => "The brokers refuse timestamps too far from their clock (message.timestamp.after.max.ms).",
        _ when IsMistake(code) => "Mend the configuration; trying again will not help.",
        _ => "An outage: it is worth trying again.",
    };
}
