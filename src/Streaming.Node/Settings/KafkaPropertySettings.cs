using System.Collections.Immutable;
using Streaming.Hocon;
using Streaming.Log.Kafka;

namespace Streaming.Node.Settings;

/// <summary>
/// The keys under <c>streaming.kafka.properties</c>: librdkafka's own, checked by librdkafka. Those that have a setting of their own, or
/// that the log's guarantees rest on, are refused; secrets come from the environment.
/// </summary>
internal static class KafkaPropertySettings
{
    private const string Section = "streaming.kafka.properties";
    private const string Guarantee = "the event log sets it, because its guarantees depend on it; remove it";
    private const string NoGroup =
        "the engine assigns partitions and commits offsets itself, without a consumer group of the client " +
        "(streaming.engine.consumer-group); remove it";

    private static readonly ImmutableSortedDictionary<string, string> s_owned = ImmutableSortedDictionary.CreateRange(
        StringComparer.Ordinal,
        new Dictionary<string, string>
        {
            ["bootstrap.servers"] = Instead("streaming.kafka.bootstrap.servers"),
            ["metadata.broker.list"] = Instead("streaming.kafka.bootstrap.servers"),
            ["security.protocol"] = Instead("streaming.kafka.security.protocol"),
            ["sasl.mechanism"] = Instead("streaming.kafka.sasl.mechanism"),
            ["sasl.mechanisms"] = Instead("streaming.kafka.sasl.mechanism"),
            ["sasl.username"] = Instead("streaming.kafka.sasl.username"),
            ["sasl.password"] =
                "it is a secret; set KAFKA_SASL_PASSWORD in the environment, or name a file in streaming.kafka.sasl.password-file",
            ["message.max.bytes"] = Instead("streaming.kafka.record-bytes-max"),
            ["message.timeout.ms"] = Instead("streaming.kafka.delivery-timeout"),
            ["delivery.timeout.ms"] = Instead("streaming.kafka.delivery-timeout"),
            ["linger.ms"] = Instead("streaming.kafka.linger"),
            ["queue.buffering.max.ms"] = Instead("streaming.kafka.linger"),
            ["queued.max.messages.kbytes"] = Instead("streaming.kafka.read-ahead-kibibytes"),
            ["acks"] = Guarantee,
            ["request.required.acks"] = Guarantee,
            ["enable.idempotence"] = Guarantee,
            ["enable.gapless.guarantee"] = Guarantee,
            ["transactional.id"] = Guarantee,
            ["partitioner"] = Guarantee,
            ["isolation.level"] = Guarantee,
            ["delivery.report.only.error"] = Guarantee,
            ["auto.offset.reset"] = Guarantee,
            ["enable.partition.eof"] = Guarantee,
            ["allow.auto.create.topics"] = Guarantee,
            ["group.id"] = NoGroup,
            ["group.instance.id"] = NoGroup,
            ["group.protocol"] = NoGroup,
            ["enable.auto.commit"] = NoGroup,
            ["auto.commit.enable"] = NoGroup,
            ["enable.auto.offset.store"] = NoGroup,
        });

    /// <summary>They name files, and librdkafka looks at them only when it connects.</summary>
    private static readonly ImmutableHashSet<string> s_files =
        ["ssl.ca.location", "ssl.certificate.location", "ssl.key.location", "ssl.keystore.location", "ssl.crl.location"];

    /// <summary>Reads every property; faults are the reader's.</summary>
    public static ImmutableSortedDictionary<string, string> Read(SettingsReader reader)
    {
        var properties = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var property in reader.Free(Section).ToArray())
        {
            if (FaultOf(property) is { } fault)
            {
                reader.Report(fault);
            }
            else
            {
                properties[property.Name] = property.Setting.Text;
            }
        }

        return properties.ToImmutable();
    }

    private static Diagnostic? FaultOf(FreeSetting property)
    {
        if (s_owned.TryGetValue(property.Name, out var instead))
        {
            return SettingsDiagnostics.Owned(property.Position, property.Key, instead);
        }

        var secret = KafkaProperties.IsSecret(property.Name);
        if (secret && property.Setting.Variable is null)
        {
            return SettingsDiagnostics.SecretProperty(property.Position, property.Key);
        }

        if (s_files.Contains(property.Name) && IsMissing(property.Setting.Text))
        {
            return SettingsDiagnostics.SecretFile(property.Setting, property.Key, "there is no such file");
        }

        return KafkaProperties.Check(property.Name, property.Setting.Text) switch
        {
            null => null,
            { IsUnknown: true } => SettingsDiagnostics.Unknown(property.Position, property.Key, Nearest(property.Name)),
            var refused => SettingsDiagnostics.Wrong(
                secret
                    ? property.Setting with { Text = "****" }
                    : property.Setting, property.Key, $"a value that librdkafka accepts; it says: {refused.Said}"),
        };
    }

    // Empty is unset, a folder may hold authorities, and "probe" looks for the system's.
    private static bool IsMissing(string path) => path is not ("" or "probe") && !File.Exists(path) && !Directory.Exists(path);

    private static string? Nearest(string name) =>
        NearestName.Find(name, KafkaProperties.Names.Except(s_owned.Keys)) is { } nearest ? $"{Section}.{nearest}" : null;

    private static string Instead(string key) => $"set {key} instead";
}
