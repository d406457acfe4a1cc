using System.Collections.Immutable;
using Streaming.Contracts.Schemas;
using Streaming.Engine;

namespace Streaming.Node.Settings;

/// <summary>Reads <c>streaming.engine</c>; the engine's reference.conf says what each key means.</summary>
public static class EngineSettingsReader
{
    private const string Root = "streaming.engine.";
    private static readonly TimeSpan s_millisecond = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    /// <summary>Reads every key; faults are the reader's.</summary>
    public static EngineSettings Read(SettingsReader reader)
    {
        var backoff = reader.Duration(Root + "retry-backoff", s_millisecond, s_hour);
        return new()
        {
            RecordsPerRead = reader.WholeNumber(Root + "records-per-read", 1, 1_000_000),
            ReadsInFlight = reader.WholeNumber(Root + "reads-in-flight", 1, 64),
            DeliveryTimeout = reader.Duration(Root + "delivery-timeout", s_millisecond, s_hour),
            ReadTimeout = reader.Duration(Root + "read-timeout", s_millisecond, s_hour),
            RetryBackoff = backoff,
            RetryBackoffMax = reader.Duration(Root + "retry-backoff-max", backoff < s_hour ? backoff : s_hour, s_hour),
            UnknownSchemaWait = reader.Duration(Root + "unknown-schema-wait", s_millisecond, s_hour),
            FutureTolerance = reader.Duration(Root + "future-tolerance", TimeSpan.Zero, TimeSpan.FromDays(1)),
            CommitInterval = reader.Duration(Root + "commit-interval", s_millisecond, s_hour),
            ConsumerGroup = reader.Text(Root + "consumer-group"),
            DirectDelivery = reader.Flag(Root + "direct-delivery"),
            RecordNames = EventSchemas.ByTopic.Keys.ToImmutableSortedDictionary(topic => topic, topic => reader.AvroNames($"{Root}record-names.{topic}")),
            Partitions = EventSchemas.ByTopic.Keys.ToImmutableSortedDictionary(topic => topic, topic => reader.WholeNumber($"{Root}partitions.{topic}", 1, 1024)),
        };
    }
}
