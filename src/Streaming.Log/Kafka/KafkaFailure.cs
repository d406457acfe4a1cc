using Confluent.Kafka;

namespace Streaming.Log.Kafka;

/// <summary>What Kafka's error codes mean to a caller of the log.</summary>
internal static class KafkaFailure
{
    public static EventLogException Of(Error error, string where, string doing, Exception? inner = null) =>
        new($"{where}: {doing} failed: {error.Reason} ({error.Code}). {Hint(error.Code)}", !IsMistake(error.Code), inner);

    public static EventLogException TimedOut(string where, string doing, TimeSpan bound, Exception? inner = null) =>
        new($"{where}: {doing} took longer than {bound.TotalSeconds:0.#} s. The brokers are out of reach or busy; it is worth trying again.", retriable: true, inner);

    public static bool IsNoTopic(ErrorCode code) => code is ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition;

    /// <summary>What stays wrong until somebody mends it; all else is an outage.</summary>
    private static bool IsMistake(ErrorCode code) => IsNoTopic(code) || code is
        ErrorCode.TopicAuthorizationFailed or ErrorCode.GroupAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed or ErrorCode.SaslAuthenticationFailed
        or ErrorCode.Local_Authentication or ErrorCode.Local_Ssl or ErrorCode.Local_InvalidArg or ErrorCode.Local_UnsupportedFeature or ErrorCode.UnsupportedVersion
        or ErrorCode.MsgSizeTooLarge or ErrorCode.InvalidMsg or ErrorCode.RecordListTooLarge or ErrorCode.TopicException or ErrorCode.InvalidPartitions
        or ErrorCode.InvalidReplicationFactor or ErrorCode.InvalidConfig or ErrorCode.PolicyViolation or ErrorCode.InvalidTimestamp or ErrorCode.InvalidRecord;

    private static string Hint(ErrorCode code) => code switch
    {
        _ when IsNoTopic(code) => "Create the topic first, or name one that exists.",
        ErrorCode.MsgSizeTooLarge or ErrorCode.RecordListTooLarge => "Raise RecordBytesMax here and message.max.bytes at the brokers, or send smaller records.",
        ErrorCode.InvalidTimestamp => "The brokers refuse timestamps too far from their clock (message.timestamp.after.max.ms).",
        _ when IsMistake(code) => "Mend the configuration; trying again will not help.",
        _ => "An outage: it is worth trying again.",
    };
}
