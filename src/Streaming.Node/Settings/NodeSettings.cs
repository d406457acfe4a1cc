using System.Collections.Immutable;
using System.Net;
using Streaming.Contracts.Registry;
using Streaming.Hocon;
using Streaming.Log;
using Streaming.Scoring.ScoreLogs;

namespace Streaming.Node.Settings;

/// <summary>
/// Everything that an operator can set, checked; the keys under <c>streaming</c> of reference.conf, with their meanings there.
/// </summary>
public sealed record NodeSettings(
    HttpSettings Http,
    ScoreSettings Score,
    EventSettings Events,
    string FeaturesDirectory,
    string ModelsDirectory,
    EmbeddedConnectionSettings Embedded,
    KafkaConnectionSettings Kafka,
    RegistryConnectionSettings Registry,
    LoggingSettings Logging)
{
    /// <summary>The keys that the engine reads and checks itself.</summary>
    public const string EngineSection = "streaming.engine";

    /// <summary>The defaults: the reference.conf of each assembly whose settings these are.</summary>
    public static ImmutableArray<(string File, string Text)> References { get; } =
    [
        .. new[] { typeof(NodeSettings).Assembly, typeof(IEventLog).Assembly, typeof(ISchemaRegistry).Assembly }
            .Select(assembly => ($"{assembly.GetName().Name}/reference.conf", Configuration.Reference(assembly))),
    ];

    /// <summary>Reads every setting. The settings are null if there is any fault; all faults are reported together.</summary>
    public static (NodeSettings? Settings, ImmutableArray<Diagnostic> Faults) Create(Configuration configuration)
    {
        var reader = new SettingsReader(configuration);
        var settings = new NodeSettings(
            HttpSettings.Read(reader),
            ScoreSettings.Read(reader),
            EventSettings.Read(reader),
            reader.Text("streaming.features.directory"),
            reader.Text("streaming.models.directory"),
            EmbeddedConnectionSettings.Read(reader),
            KafkaConnectionSettings.Read(reader),
            RegistryConnectionSettings.Read(reader),
            LoggingSettings.Read(reader));
        reader.RejectUnknown("streaming", EngineSection);
        return (reader.Faults.IsEmpty ? settings : null, reader.Faults);
    }
}

/// <summary>The keys under <c>streaming.http</c>.</summary>
public sealed record HttpSettings(
    IPEndPoint Listen,
    ImmutableArray<string> Hosts,
    ImmutableArray<string> Origins,
    int MaxRequestBytes,
    int MaxConnections,
    int MaxRequests,
    int MaxBytesInFlight,
    TimeSpan KeepAliveTimeout,
    TimeSpan ClientTimeout,
    TimeSpan ShutdownTimeout,
    bool InlineSockets,
    HttpTlsSettings? Tls)
{
    internal static HttpSettings Read(SettingsReader reader) => new(
        reader.EndPoint("streaming.http.listen"),
        HttpNames.Hosts(reader, "streaming.http.hosts"),
        HttpNames.Origins(reader, "streaming.http.origins"),
        reader.WholeNumber("streaming.http.max-request-bytes", 1024, 104_857_600),
        reader.WholeNumber("streaming.http.max-connections", 1, 1_000_000),
        reader.WholeNumber("streaming.http.max-requests", 1, 1_000_000),
        reader.WholeNumber("streaming.http.max-bytes-in-flight", 65_536, int.MaxValue),
        reader.Duration("streaming.http.keep-alive-timeout", TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        reader.Duration("streaming.http.client-timeout", TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(10)),
        reader.Duration("streaming.http.shutdown-timeout", TimeSpan.Zero, TimeSpan.FromMinutes(10)),
        reader.Flag("streaming.http.inline-sockets"),
        HttpTlsSettings.Read(reader));
}

/// <summary>The keys under <c>streaming.score</c>.</summary>
public sealed record ScoreSettings(
    int BatchLimit, bool Log, int LogQueueLimit, int LogQueueBytesMax, TimeSpan LogLinger, TimeSpan LogFlushTimeout)
{
    internal ScoreLogSettings LogSettings => new(LogQueueLimit, LogQueueBytesMax, LogLinger, LogFlushTimeout);

    internal static ScoreSettings Read(SettingsReader reader) => new(
        reader.WholeNumber("streaming.score.batch-limit", 1, 100_000),
        reader.Flag("streaming.score.log"),
        reader.WholeNumber("streaming.score.log-queue-limit", 1, 1_000_000),
        reader.WholeNumber("streaming.score.log-queue-bytes-max", 1024, int.MaxValue),
        reader.Duration("streaming.score.log-linger", TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1)),
        reader.Duration("streaming.score.log-flush-timeout", TimeSpan.Zero, TimeSpan.FromMinutes(1)));
}

/// <summary>The keys under <c>streaming.events</c>.</summary>
public sealed record EventSettings(int BatchLimit, TimeSpan AppendTimeout)
{
    internal static EventSettings Read(SettingsReader reader) => new(
        reader.WholeNumber("streaming.events.batch-limit", 1, 100_000),
        reader.Duration("streaming.events.append-timeout", TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(10)));
}

/// <summary>The keys under <c>streaming.log.embedded</c>.</summary>
public sealed record EmbeddedConnectionSettings(
    string Directory,
    bool SurvivesPowerLoss,
    TimeSpan BusyTimeout,
    TimeSpan PollInterval,
    TimeSpan PollIntervalIdle,
    int QueueLengthMax,
    int TransactionBytesMax)
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    internal static EmbeddedConnectionSettings Read(SettingsReader reader)
    {
        var survives = reader.Flag("streaming.log.embedded.survives-power-loss");
        var busy = reader.Duration("streaming.log.embedded.busy-timeout", TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(10));
        var poll = reader.Duration("streaming.log.embedded.poll-interval", TimeSpan.FromMilliseconds(1), s_minute);
        return new(
            reader.Text("streaming.log.embedded.directory"),
            survives,
            busy,
            poll,
            reader.Duration("streaming.log.embedded.poll-interval-idle", poll < s_minute ? poll : s_minute, s_minute),
            reader.WholeNumber("streaming.log.embedded.queue-length-max", 1, 1_000_000),
            reader.WholeNumber("streaming.log.embedded.transaction-bytes-max", 65_536, 256 << 20));
    }
}

/// <summary>The keys under <c>streaming.schema.registry</c>; without a URL the embedded registry is used.</summary>
public sealed record RegistryConnectionSettings(
    ImmutableArray<Uri> Urls, TimeSpan Timeout, Secret BasicAuth, string? CaFile, string? KeystoreFile, Secret KeystorePassword)
{
    internal static RegistryConnectionSettings Read(SettingsReader reader) => new(
        reader.Urls("streaming.schema.registry.url"),
        reader.Duration("streaming.schema.registry.timeout", TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5)),
        reader.Secret("streaming.schema.registry.basic-auth"),
        reader.ExistingFile("streaming.schema.registry.ca-file"),
        reader.ExistingFile("streaming.schema.registry.keystore-file"),
        reader.Secret("streaming.schema.registry.keystore-password"));
}

/// <summary>The keys under <c>streaming.logging</c>.</summary>
public sealed record LoggingSettings(string Level, string Format)
{
    internal static LoggingSettings Read(SettingsReader reader) => new(
        reader.OneOf("streaming.logging.level", "verbose", "debug", "information", "warning", "error", "fatal"),
        reader.OneOf("streaming.logging.format", "text", "json"));
}
