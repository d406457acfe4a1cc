using System.Collections.Immutable;
using Streaming.Contracts.Registry;
using Streaming.Hocon;
using Streaming.Log;
using Streaming.Scoring.Circuits;
using Streaming.Scoring.Serving;

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
    /// <summary>The server for commands of this machine.</summary>
    public required AdminSettings Admin { get; init; }

    /// <summary>The comparison of answers with the log.</summary>
    public required ParitySettings Parity { get; init; }

    /// <summary>How scores and features are compared with those that the model learnt from.</summary>
    public required DriftSettings Drift { get; init; }

    /// <summary>The folder of runs and registered models.</summary>
    public required string RegistryDirectory { get; init; }

    /// <summary>When a version that was swapped in goes back to the one before.</summary>
    public required WatchSettings Watch { get; init; }

    /// <summary>When what fails is not asked any more.</summary>
    public required CircuitSettings Circuits { get; init; }

    /// <summary>The keys that the engine reads and checks itself.</summary>
    public const string EngineSection = "streaming.engine";

    /// <summary>The settings of the store of snapshots, which its own room reads.</summary>
    public const string RedisSection = "streaming.redis";

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
        var embedded = EmbeddedConnectionSettings.Read(reader);
        var registry = reader.Text("streaming.models.registry", mayBeEmpty: true);
        var settings = new NodeSettings(
            HttpSettings.Read(reader),
            ScoreSettings.Read(reader),
            EventSettings.Read(reader),
            reader.Text("streaming.features.directory"),
            reader.Text("streaming.models.directory"),
            embedded,
            KafkaConnectionSettings.Read(reader),
            RegistryConnectionSettings.Read(reader),
            LoggingSettings.Read(reader))
        {
            Admin = AdminSettings.Read(reader),
            Parity = ParitySettings.Read(reader),
            Drift = DriftSettings.Read(reader),
            RegistryDirectory = registry.Length > 0 ? registry : Path.Combine(embedded.Directory, "models"),
            Circuits = CircuitSettingsReader.Read(reader),
            Watch = WatchSettingsReader.Read(reader),
        };
        reader.RejectUnknown("streaming", EngineSection, RedisSection);
        return (reader.Faults.IsEmpty ? settings : null, reader.Faults);
    }
}
