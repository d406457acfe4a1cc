using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Streaming.Cli.Shell;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;
using Streaming.Log;
using Streaming.Log.Embedded;
using Streaming.Log.Kafka;
using Streaming.Node.Settings;

namespace Streaming.Cli.Feeding;

/// <summary>The event log and the schema registry that the settings name: Kafka or the embedded log, Confluent's registry or the embedded one.</summary>
internal sealed class EventConnection : IAsyncDisposable
{
    private const int LastOffsets = 16;

    private readonly ImmutableSortedDictionary<string, int> _partitions;
    private readonly IDisposable? _client;

    /// <param name="log">The log; this disposes it.</param>
    /// <param name="registry">The registry.</param>
    /// <param name="partitions">Partitions of topics that are made.</param>
    /// <param name="client">What the registry needs disposed.</param>
    public EventConnection(IEventLog log, ISchemaRegistry registry, ImmutableSortedDictionary<string, int> partitions, IDisposable? client = null)
    {
        Log = log;
        Registry = registry;
        _partitions = partitions;
        _client = client;
    }

    /// <summary>The log.</summary>
    public IEventLog Log { get; }

    /// <summary>The registry.</summary>
    public ISchemaRegistry Registry { get; }

    /// <summary>The file that stands for the log where two seeds of one machine must not write into it at once.</summary>
    public required string SeedLeaseFile { get; init; }

    /// <summary>Opens both.</summary>
    /// <exception cref="EventLogException">The log cannot be opened.</exception>
    public static EventConnection Open(NodeSettings settings, ImmutableSortedDictionary<string, int> partitions)
    {
        if (!settings.Kafka.IsSet || settings.Registry.Url is null)
        {
            MakeDataDirectory(settings.Embedded.Directory);
        }

        var confluent = settings.Registry.Url is { } url ? new ConfluentSchemaRegistry(Connect(settings.Registry, url)) : null;
        ISchemaRegistry registry = confluent is not null ? confluent : new EmbeddedSchemaRegistry(Path.Combine(settings.Embedded.Directory, "registry"));
        IEventLog log = settings.Kafka.IsSet
            ? OpenKafka(LogSettings.Of(settings.Kafka))
            : EmbeddedEventLog.Open(LogSettings.Of(settings.Embedded));
        return new EventConnection(log, new CachingSchemaRegistry(registry), partitions, confluent) { SeedLeaseFile = SeedLeaseOf(settings) };
    }

    /// <summary>Asks what the registry holds topics' schemas to, and says so once where it is less than a replay needs.</summary>
    public async Task AdviseAsync(IEnumerable<string> topics, Action<string> say, CancellationToken cancellation)
    {
        if (await SubjectLevels.AdviseAsync(Registry, topics.Select(EventSchemas.SubjectOf), cancellation) is { } advice)
        {
            say(advice);
        }
    }

    /// <summary>Makes a topic where it is missing, with as many partitions as another has, or will have.</summary>
    public async Task<TopicDescription> EnsureTopicAsync(string topic, string partitionsAs, CancellationToken cancellation)
    {
        var model = await Log.DescribeTopicAsync(partitionsAs, cancellation);
        return await Log.DescribeTopicAsync(topic, cancellation)
            ?? await Log.CreateTopicAsync(topic, model?.Partitions ?? _partitions.GetValueOrDefault(partitionsAs, 1), cancellation);
    }

    /// <summary>The newest of the partitions' last records' timestamps; null where the topic is empty, or not there.</summary>
    public async Task<long?> NewestMillisAsync(string topic, CancellationToken cancellation)
    {
        long? newest = null;
        for (var partition = 0; partition < ((await Log.DescribeTopicAsync(topic, cancellation))?.Partitions ?? 0); partition++)
        {
            var end = await Log.EndOffsetAsync(new TopicPartition(topic, partition), cancellation);
            if (end > 0)
            {
                // The last offsets may be transactions' markers, which are no records.
                await using var reader = Log.Read(new TopicPartition(topic, partition), Math.Max(0, end - LastOffsets));
                while (reader.NextOffset < end)
                {
                    var last = await reader.ReadAsync(LastOffsets, cancellation);
                    newest = last.Count > 0 ? Math.Max(newest ?? long.MinValue, last.Timestamps[last.Count - 1]) : newest;
                }
            }
        }

        return newest;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Log.DisposeAsync();
        _client?.Dispose();
    }

    private static void MakeDataDirectory(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CliFailure(
                ExitCode.Failed,
                $"{directory}: the data directory cannot be made: {error.Message.TrimEnd('.')}; name another (streaming.log.embedded.directory, STREAMING_DATA)",
                error);
        }
    }

    // Beside the embedded log; a broker's in the machine's temporary directory, by its address.
    private static string SeedLeaseOf(NodeSettings settings) => settings.Kafka.IsSet
        ? Path.Combine(Path.GetTempPath(), $"streaming-seed-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(settings.Kafka.BootstrapServers)))[..16]}.lock")
        : Path.Combine(settings.Embedded.Directory, "seed.lock");

    private static SchemaRegistrySettings Connect(RegistryConnectionSettings settings, Uri url)
    {
        var login = settings.BasicAuth.IsSet ? settings.BasicAuth.Reveal().Split(':', 2) : [];
        return new SchemaRegistrySettings(url, login.ElementAtOrDefault(0), login.ElementAtOrDefault(1), settings.Timeout);
    }

    // Each property was taken by itself when the settings were read; together, or with the files that they name, they may still not do.
    private static KafkaEventLog OpenKafka(KafkaSettings settings)
    {
        try
        {
            return KafkaEventLog.Open(settings);
        }
        catch (ArgumentException error)
        {
            throw new CliFailure(ExitCode.Usage, $"streaming.kafka and streaming.kafka.properties do not go together: {error.Message}", error);
        }
    }
}
