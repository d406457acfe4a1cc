using Streaming.Hocon;

namespace Streaming.Log;

/// <summary>Checks of arguments that both logs share, and their messages.</summary>
internal static class LogArgument
{
    private const int TopicLengthMax = 249;

    /// <summary>The brokers' own default, message.timestamp.after.max.ms.</summary>
    private const long TimestampAheadMillisMax = 3600 * 1000L;

    /// <summary>Kafka's rule for topic names.</summary>
    public static void RequireTopic(string topic)
    {
        ArgumentException.ThrowIfNullOrEmpty(topic);
        if (topic.Length > TopicLengthMax || topic is "." or ".." || topic.AsSpan().ContainsAnyExcept(s_legal))
        {
            throw new ArgumentException(
                $"Topic name \"{topic}\" is not legal; use 1 to {TopicLengthMax} of a-z, A-Z, 0-9, '.', '_' and '-'.", nameof(topic));
        }
    }

    public static void RequireKey(RecordBatch records, int record)
    {
        if (records.KeyLength[record] < 0)
        {
            throw new ArgumentException(
                $"Record {record} has no key, so it has no partition; give it a key or append to a partition by number.", nameof(records));
        }
    }

    /// <summary>A record's timestamp is positive: Kafka's client takes 0 for "now".</summary>
    public static void RequireTimestamps(RecordBatch records)
    {
        for (var record = 0; record < records.Count; record++)
        {
            if (records.Timestamps[record] <= 0)
            {
                throw new ArgumentException(
                    $"Record {record} has timestamp {records.Timestamps[record]}; a log takes positive ones only (milliseconds).",
                    nameof(records));
            }
        }
    }

    /// <summary>Brokers check this too: a time in other units would stay the newest of the log for ever.</summary>
    public static void RequireNotAhead(RecordBatch records, TimeProvider time, string where)
    {
        var last = time.GetUtcNow().ToUnixTimeMilliseconds() + TimestampAheadMillisMax;
        for (var record = 0; record < records.Count; record++)
        {
            if (records.Timestamps[record] > last)
            {
                throw new EventLogException(
                    $"{where}: record {record} has timestamp {records.Timestamps[record]}, more than an hour ahead of the clock; give " +
                    "milliseconds since 1970, and check the clocks.",
                    retriable: false);
            }
        }
    }

    public static EventLogException NoTopic(string topic, string where) =>
        new($"Topic \"{topic}\" does not exist in {where}; create it first (CreateTopicAsync).", retriable: false);

    public static EventLogException NoPartition(TopicPartition partition, int partitions, string where) =>
        new($"{partition} does not exist in {where}: the topic has partitions 0 to {partitions - 1}.", retriable: false);

    public static EventLogException OtherPartitions(TopicDescription there, int wanted, string where) => new(
        $"Topic \"{there.Topic}\" in {where} has {Counted.Of(there.Partitions, "partition")}, not {wanted}; declare {there.Partitions}, or use another " +
        "name.", retriable: false);

    public static EventLogException CommitBeyondEnd(string group, TopicPartition partition, long offset, long end, string where) => new(
        $"Group {group} commits offset {offset} of {partition} in {where}, which ends at {end}; commit what was read, at most the " +
        "end.", retriable: false);

    public static EventLogException BeyondEnd(TopicPartition partition, long from, long end, string where) => new(
        $"Offset {from} is beyond the end {end} of {partition} in {where}: the log was truncated or created again since then; "
        + "rebuild from the beginning, or name an offset that exists.", retriable: false);

    private static readonly System.Buffers.SearchValues<char> s_legal =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");
}
