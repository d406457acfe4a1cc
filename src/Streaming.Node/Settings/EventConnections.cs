using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Streaming.Contracts;
using Streaming.Contracts.Registry;
using Streaming.Ingest;
using Streaming.Log;
using Streaming.Log.Embedded;
using Streaming.Log.Kafka;

namespace Streaming.Node.Settings;

/// <summary>
/// Opens the event log and the schema registry that the settings name: Kafka or the embedded log, Confluent's registry or the embedded
/// one.
/// </summary>
public static class EventConnections
{
    /// <summary>Opens both.</summary>
    /// <param name="settings">Which.</param>
    /// <param name="partitions">Partitions of topics that are made.</param>
    /// <param name="unreachable">Called at once if no broker answers after the start; requests go on trying.</param>
    /// <exception cref="EventLogException">The log cannot be opened.</exception>
    /// <exception cref="IngestException">The data directory cannot be made, Kafka's properties do not go together, or a file of
    /// certificates cannot be used.</exception>
    public static EventConnection Open(
        NodeSettings settings, ImmutableSortedDictionary<string, int> partitions, Action<string>? unreachable = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (!settings.Kafka.IsSet || settings.Registry.Urls.IsEmpty)
        {
            MakeDataDirectory(settings.Embedded.Directory);
        }

        var confluent = settings.Registry.Urls.IsEmpty ? null : OpenRegistry(settings.Registry);
        ISchemaRegistry registry = confluent is not null
            ? confluent
            : new EmbeddedSchemaRegistry(Path.Combine(settings.Embedded.Directory, "registry"));
        IEventLog log = settings.Kafka.IsSet
            ? OpenKafka(LogSettings.Of(settings.Kafka) with { Unreachable = unreachable })
            : EmbeddedEventLog.Open(LogSettings.Of(settings.Embedded));
        var caching = new CachingSchemaRegistry(registry);
        return new EventConnection(log, caching, partitions, confluent) { SeedLeaseFile = SeedLeaseOf(settings) };
    }

    private static void MakeDataDirectory(string directory)
    {
        try
        {
            PrivateFiles.CreateDirectory(directory);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IngestException(
                IngestFailure.System,
                $"{directory}: the data directory cannot be created: {error.Message.TrimEnd('.')}; name another " +
                "(streaming.log.embedded.directory, STREAMING_DATA)",
                error);
        }
    }

    // Beside the embedded log; a broker's in the machine's temporary directory, by its address.
    private static string SeedLeaseOf(NodeSettings settings)
    {
        if (!settings.Kafka.IsSet)
        {
            return Path.Combine(settings.Embedded.Directory, "seed.lock");
        }

        var broker = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(settings.Kafka.BootstrapServers)))[..16];
        return Path.Combine(Path.GetTempPath(), $"streaming-seed-{broker}.lock");
    }

    private static ConfluentSchemaRegistry OpenRegistry(RegistryConnectionSettings settings)
    {
        try
        {
            return new ConfluentSchemaRegistry(Connect(settings));
        }
        catch (ArgumentException error)
        {
            throw new IngestException(IngestFailure.Input, error.Message, error);
        }
    }

    private static SchemaRegistrySettings Connect(RegistryConnectionSettings settings)
    {
        var login = settings.BasicAuth.IsSet ? settings.BasicAuth.Reveal().Split(':', 2) : [];
        return new SchemaRegistrySettings(settings.Urls, login.ElementAtOrDefault(0), login.ElementAtOrDefault(1), settings.Timeout)
        {
            CaFile = settings.CaFile,
            KeystoreFile = settings.KeystoreFile,
            KeystorePassword = settings.KeystorePassword.IsSet ? settings.KeystorePassword.Reveal() : null,
        };
    }

    // Each property was valid by itself when the settings were read, but together they may not be, or a file is not what it should be.
    private static KafkaEventLog OpenKafka(KafkaSettings settings)
    {
        try
        {
            return KafkaEventLog.Open(settings);
        }
        catch (ArgumentException error)
        {
            throw new IngestException(
                IngestFailure.Input, $"librdkafka cannot use streaming.kafka with streaming.kafka.properties; it says: {error.Message}", error);
        }
    }
}
