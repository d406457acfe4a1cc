using System.Collections.Immutable;
using Akka.Configuration;
using Streaming.Cli.Shell;
using Streaming.Engine;
using Streaming.Hocon;
using Streaming.Ingest;
using Streaming.Node.Settings;
using Streaming.Persistence.Redis;
using Streaming.Persistence.Redis.Connection;
using Streaming.Persistence.Redis.Embedded;

namespace Streaming.Cli.Settings;

/// <summary>All that an operator sets, read from one file over the assemblies' defaults.</summary>
/// <param name="Node">HTTP, log, registry, definitions.</param>
/// <param name="Engine">The engine.</param>
/// <param name="Redis">How to reach the store of snapshots; empty for the embedded one.</param>
/// <param name="EmbeddedRedis">The embedded store of snapshots.</param>
/// <param name="Akka">Akka's own part.</param>
internal sealed record CliSettings(
    NodeSettings Node, EngineSettings Engine, RedisSettings Redis, EmbeddedRedisSettings EmbeddedRedis, Config Akka)
{
    private const string EngineReference = "Streaming.Engine.reference.conf";

    /// <summary>Reads the settings.</summary>
    /// <param name="file">The operator's file; a missing one means the defaults, unless it was <paramref name="asked"/> for.</param>
    /// <param name="asked">Whether the file was named on the command line.</param>
    /// <param name="environment">Looks up environment variables.</param>
    /// <exception cref="CliFailure">A file that was asked for is missing, or a setting is wrong; all faults together.</exception>
    public static CliSettings Load(string file, bool asked, Func<string, string?> environment)
    {
        if (asked && !File.Exists(file))
        {
            throw new CliFailure(
                ExitCode.Usage,
                $"{file}: there is no such file; name one with --config, or leave the option out to use akka.hocon where it is");
        }

        var configuration = new Configuration(Layers(file), environment);
        var (node, faults) = NodeSettings.Create(configuration);
        var reader = new SettingsReader(configuration);
        var engine = EngineSettingsReader.Read(reader);
        reader.RejectUnknown(NodeSettings.EngineSection);
        reader.RejectOtherSections("streaming", "akka");
        var akka = ConfigurationFactory.ParseString(configuration.ToHocon("akka")).WithFallback(StreamingEngine.ReferenceConfig);
        EngineSettingsReader.Check(reader, engine, akka);
        var (redis, embedded) = RedisSettingsReader.Read(Documents(file), environment, out var redisFaults);
        return node is null || !reader.Faults.IsEmpty || !redisFaults.IsEmpty
            ? throw new CliFailure(
                ExitCode.Usage,
                [.. faults.Concat(reader.Faults).Concat(redisFaults).Distinct()
                    .OrderBy(fault => fault.Position.Line).Select(fault => fault.ToString())])
            : new CliSettings(node, engine, redis, embedded, akka);
    }

    /// <summary>Opens the log and the registry.</summary>
    /// <param name="unreachable">Called at once if no broker answers; requests go on trying.</param>
    public EventConnection Connect(Action<string>? unreachable = null) => EventConnections.Open(Node, Engine.Partitions, unreachable);

    /// <summary>Opens the store of snapshots.</summary>
    /// <param name="waits">Told once if a server that is named does not answer at once.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<SnapshotStore> OpenSnapshotsAsync(Action<string>? waits, CancellationToken cancellation) =>
        SnapshotStore.OpenAsync(Redis, EmbeddedRedis, Node.Embedded.Directory, waits, cancellation);

    /// <summary>Opens the store of snapshots where there is one already; null where there is none yet.</summary>
    /// <exception cref="SlotStoreException">It is out of reach, or a node uses it.</exception>
    public async Task<SnapshotStore?> OpenExistingSnapshotsAsync(CancellationToken cancellation)
    {
        var directory = EmbeddedRedis.Directory.Length > 0 ? EmbeddedRedis.Directory : Path.Combine(Node.Embedded.Directory, "redis");
        return Redis.Connection.Length == 0 && !Directory.Exists(directory)
            ? null
            : await SnapshotStore.OpenAsync(
                Redis, EmbeddedRedis with { Directory = directory }, Node.Embedded.Directory, waits: null, cancellation);
    }

    private static IEnumerable<HoconDocument> Documents(string file) =>
        File.Exists(file) ? [HoconReader.Read(file, File.ReadAllText(file))] : [];

    private static ImmutableArray<(string File, string Text)> Layers(string file)
    {
        using var stream = typeof(StreamingEngine).Assembly.GetManifestResourceStream(EngineReference)
            ?? throw new InvalidOperationException($"{EngineReference} is not embedded; see EmbeddedResource of Streaming.Engine.csproj");
        using var reader = new StreamReader(stream);
        ImmutableArray<(string, string)> defaults = [.. NodeSettings.References, ("Streaming.Engine/reference.conf", reader.ReadToEnd())];
        return File.Exists(file) ? defaults.Insert(0, (file, File.ReadAllText(file))) : defaults;
    }
}
