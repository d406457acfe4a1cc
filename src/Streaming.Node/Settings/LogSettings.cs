using System.Collections.Immutable;
using Streaming.Log.Embedded;
using Streaming.Log.Kafka;

namespace Streaming.Node.Settings;

/// <summary>The event logs' own settings from what an operator sets.</summary>
public static class LogSettings
{
    /// <summary>The embedded log's.</summary>
    public static EmbeddedLogSettings Of(EmbeddedConnectionSettings settings) => new(Path.Combine(settings.Directory, "events.db"))
    {
        SurvivesPowerLoss = settings.SurvivesPowerLoss,
        BusyTimeout = settings.BusyTimeout,
        PollInterval = settings.PollInterval,
        PollIntervalIdle = settings.PollIntervalIdle,
        QueueLengthMax = settings.QueueLengthMax,
        TransactionBytesMax = settings.TransactionBytesMax,
    };

    /// <summary>Kafka's; the login is only there for the protocols that have one.</summary>
    public static KafkaSettings Of(KafkaConnectionSettings settings)
    {
        var properties = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        properties.AddRange(settings.Properties);
        properties["security.protocol"] = settings.SecurityProtocol;
        if (settings.SecurityProtocol.StartsWith("sasl", StringComparison.Ordinal))
        {
            properties["sasl.mechanism"] = settings.SaslMechanism;
            properties["sasl.username"] = settings.SaslUsername;
            properties["sasl.password"] = settings.SaslPassword.Reveal();
        }

        return new KafkaSettings(settings.BootstrapServers)
        {
            RequestTimeout = settings.RequestTimeout,
            AnswerTimeout = settings.AnswerTimeout,
            TopicCheckInterval = settings.TopicCheckInterval,
            DeliveryTimeout = settings.DeliveryTimeout,
            Linger = settings.Linger,
            ChunksInFlightMax = settings.ChunksInFlightMax,
            ReadAheadKibibytes = settings.ReadAheadKibibytes,
            RecordBytesMax = settings.RecordBytesMax,
            Properties = properties.ToImmutable(),
        };
    }
}
