using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Confluent.Kafka;

namespace Streaming.Log.Kafka;

/// <summary>Checks properties with librdkafka itself, before anything connects.</summary>
public static partial class KafkaProperties
{
    private static readonly string[] s_secretParts = ["password", "secret", "passphrase", "key.pem", "oauthbearer.config", "jaas"];

    /// <summary>Confluent.Kafka's own, named <c>dotnet.*</c> for librdkafka.</summary>
    private static readonly string[] s_theirs =
    [
        "cancellation.delay.max.ms", "consume.result.fields", "delivery.report.fields", "enable.background.poll", "enable.delivery.reports",
    ];

    private static readonly Lazy<ImmutableArray<string>> s_known = new(FindKnown);

    /// <summary>The names that Confluent.Kafka's classes have; librdkafka knows some more.</summary>
    public static ImmutableArray<string> Names => s_known.Value;

    /// <summary>Whether a property's value must not be shown. The path of a file (<c>ssl.key.location</c>) may be.</summary>
    public static bool IsSecret(string name) =>
        Array.Exists(s_secretParts, part => name.Contains(part, StringComparison.OrdinalIgnoreCase));

    /// <summary>Tries one property; null when librdkafka accepts it. Nothing connects.</summary>
    public static KafkaPropertyFault? Check(string name, string value)
    {
        // Confluent.Kafka's own, which this log sets.
        if (name.StartsWith("dotnet.", StringComparison.Ordinal))
        {
            return new KafkaPropertyFault(IsUnknown: true, name);
        }

        try
        {
            var config = new ProducerConfig();
            config.Set(name, value);
            using var client = new ProducerBuilder<Null, Null>(config)
                .SetLogHandler(static (_, _) => { })
                .SetErrorHandler(static (_, _) => { })
                .Build();
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            return new KafkaPropertyFault(e.Message.StartsWith("No such configuration property", StringComparison.Ordinal), e.Message);
        }
    }

    private static ImmutableArray<string> FindKnown() =>
    [
        .. typeof(ProducerConfig).GetProperties().Concat(typeof(ConsumerConfig).GetProperties())
            .Where(static property => property.CanWrite && property.GetIndexParameters().Length == 0)
            .Select(static property => Word().Replace(property.Name, ".$0").ToLowerInvariant())
            .Except(s_theirs, StringComparer.Ordinal)
            .Order(StringComparer.Ordinal),
    ];

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex Word();
}
