using System.Collections.Immutable;
using Streaming.Contracts.Schemas;
using Streaming.Engine;
using Streaming.Engine.Remoting;
using Streaming.Engine.Startup;

namespace Streaming.Node.Settings;

/// <summary>Reads <c>streaming.engine</c>; the engine's reference.conf says what each key means.</summary>
public static class EngineSettingsReader
{
    private const string Root = "streaming.engine.";
    private static readonly TimeSpan s_millisecond = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    /// <summary>Checks Akka's part of the configuration against the engine's; faults are the reader's.</summary>
    public static void Check(SettingsReader reader, EngineSettings engine, Akka.Configuration.Config akka)
    {
        var written = reader.Leaves("akka");
        if (written.Any(each => each.Key == "akka"))
        {
            var at = reader.PositionOf("akka") ?? default;
            reader.Report(SettingsDiagnostics.NoText(at, "akka", "a section such as { loglevel = INFO }"));
            return;
        }

        foreach (var (key, unknown, nearest) in AkkaKeys.Unknown([.. written.Select(each => each.Key)]).DistinctBy(each => each.Unknown))
        {
            reader.Report(SettingsDiagnostics.Unknown(reader.PositionOf(key) ?? default, unknown, nearest));
        }

        var (keys, refusal) = AkkaValues.Refused(written);
        foreach (var (key, fault) in keys)
        {
            var value = written.First(each => each.Key == key).Value;
            reader.Report(SettingsDiagnostics.Refused(reader.PositionOf(key) ?? default, key, value, fault));
        }

        if (keys.Count == 0 && refusal is not null)
        {
            reader.Report(SettingsDiagnostics.Refused(reader.PositionOf("akka") ?? default, "akka", "a section", refusal));
        }

        foreach (var (key, fault) in RemotingRules.Faults(engine.Remoting, akka))
        {
            reader.Report(
                SettingsDiagnostics.Remoting(reader.PositionOf(key) ?? reader.PositionOf(Root + "remoting") ?? default, key, fault));
        }
    }

    /// <summary>Reads every key; faults are the reader's.</summary>
    public static EngineSettings Read(SettingsReader reader)
    {
        var backoff = reader.Duration(Root + "retry-backoff", s_millisecond, s_hour);
        return new()
        {
            FrameBytes = reader.WholeNumber(Root + "frame-bytes", 1_000, 16_000_000),
            RecordsPerRead = reader.WholeNumber(Root + "records-per-read", 1, 1_000_000),
            ReadsInFlight = reader.WholeNumber(Root + "reads-in-flight", 1, 64),
            DeliveryTimeout = reader.Duration(Root + "delivery-timeout", s_millisecond, s_hour),
            ReadTimeout = reader.Duration(Root + "read-timeout", s_millisecond, s_hour),
            StateTimeout = reader.Duration(Root + "state-timeout", s_millisecond, s_hour),
            RetryBackoff = backoff,
            RetryBackoffMax = reader.Duration(Root + "retry-backoff-max", backoff < s_hour ? backoff : s_hour, s_hour),
            UnknownSchemaWait = reader.Duration(Root + "unknown-schema-wait", s_millisecond, s_hour),
            FutureTolerance = reader.Duration(Root + "future-tolerance", TimeSpan.Zero, TimeSpan.FromDays(1)),
            StaleEvents = reader.WholeNumber(Root + "stale-events", 0, int.MaxValue),
            StaleAfter = reader.Duration(Root + "stale-after", s_millisecond, s_hour),
            CommitInterval = reader.Duration(Root + "commit-interval", s_millisecond, s_hour),
            Shards = reader.WholeNumber(Root + "shards", 1, 4_096),
            MemoryEntitiesMax = reader.WholeNumber(Root + "memory.entities", 1_000, 1_000_000_000),
            MemoryBytesMax = (long)reader.WholeNumber(Root + "memory.mebibytes", 16, 1 << 20) << 20,
            RestAfter = reader.Duration(Root + "memory.rest-after", TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
            ForgetAfter = reader.Duration(Root + "memory.forget-after", s_hour, TimeSpan.FromDays(3650)),
            CheckpointInterval = reader.Duration(Root + "checkpoint-interval", TimeSpan.FromMilliseconds(10), s_hour),
            ConsumerGroup = reader.Text(Root + "consumer-group"),
            Remoting = reader.OneOf(Root + "remoting", "off", "tls", "trusted-network") switch
            {
                "tls" => RemotingMode.Tls,
                "trusted-network" => RemotingMode.TrustedNetwork,
                _ => RemotingMode.Off,
            },
            DirectDelivery = reader.Flag(Root + "direct-delivery"),
            RecordNames = EventSchemas.ByTopic.Keys.ToImmutableSortedDictionary(
                topic => topic, topic => reader.AvroNames($"{Root}record-names.{topic}")),
            Partitions = EventSchemas.ByTopic.Keys.ToImmutableSortedDictionary(
                topic => topic, topic => reader.WholeNumber($"{Root}partitions.{topic}", 1, 1024)),
        };
    }
}
