using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using Streaming.Chaos.Processes;
using Streaming.Contracts.Registry;
using Streaming.Ingest;
using Streaming.Log;
using Streaming.Log.Embedded;
using Streaming.Log.Kafka;

namespace Streaming.Chaos;

/// <summary>All that runs for one seed: the node, its store of snapshots and its log.</summary>
internal sealed class World : IAsyncDisposable
{
    private const int DiskMebibytes = 512;
    // The smallest that may be set, and one that is never reached.
    private static readonly int[] s_ceilings = [1_000, 1_000_000];
    private static readonly int[] s_batches = [4, 32, 256];
    private static readonly TimeSpan s_waitMax = TimeSpan.FromSeconds(90);
    private readonly string _config;
    private readonly Action<string> _say;

    private World(DataFolder folder, Action<string> say)
    {
        (Folder, _say) = (folder, say);
        (_config, Definitions) = (folder["chaos.hocon"], folder["features"]);
    }

    /// <summary>Where all files of the run lie.</summary>
    public DataFolder Folder { get; }

    /// <summary>The node that takes events and answers; null while there is none.</summary>
    public NodeProcess? Node { get; private set; }

    /// <summary>The redis-server; null where the store is the embedded one.</summary>
    public RedisServer? Redis { get; private set; }

    /// <summary>The broker; null where the log is the embedded one.</summary>
    public Broker? Broker { get; private set; }

    /// <summary>Why there is no redis-server; null where there is one.</summary>
    public string? NoRedis => Redis is null ? RedisServer.Missing ?? "the store is the embedded one, in the node's process" : null;

    /// <summary>Why there is no broker; null where there is one.</summary>
    public string? NoBroker => Broker is null ? Processes.Broker.Missing ?? "the log is the embedded one" : null;

    /// <summary>The log, seen from here.</summary>
    public IEventLog Log { get; private set; } = null!;

    /// <summary>The ids of the schemas that are written, by topic.</summary>
    public ImmutableDictionary<string, int> SchemaIds { get; private set; } = ImmutableDictionary<string, int>.Empty;

    /// <summary>Where the node's files are.</summary>
    public string Data => Folder["data"];

    /// <summary>Where the definitions of its features are.</summary>
    public string Definitions { get; }

    /// <summary>How often a node was started.</summary>
    public int Starts { get; private set; }

    /// <summary>Why nodes ended by themselves, or had to be restarted since they said that they are not live.</summary>
    public List<string> Ends { get; } = [];

    /// <summary>Lines of nodes that gave an answer which is not what the log gives, or could not compare one.</summary>
    public ConcurrentQueue<string> ParityFaults { get; } = [];

    /// <summary>Starts everything.</summary>
    public static async Task<World> StartAsync(string store, string log, Random random, Action<string> say)
    {
        var world = new World(await DataFolder.CreateAsync(DiskMebibytes), say);
        try
        {
            world.CopyDefinitions();
            world.Redis = store == "redis" ? await RedisServer.StartAsync(world.Folder["redis-server"]) : null;
            world.Broker = log == "kafka" ? await Processes.Broker.StartAsync(world.Folder.Beside("kafka")) : null;
            await NodeConfig.WriteAsync(
                world._config,
                random.Next(50, 500),
                random.Next(2) == 0 ? 1 : 4,
                s_ceilings[random.Next(s_ceilings.Length)],
                s_batches[random.Next(s_batches.Length)],
                world.Redis?.Connection,
                world.Broker?.Bootstrap);
            await world.StartNodeAsync();
            await world.WaitAsync("a node that is ready", async () => world.Node is { } node && await node.IsReadyAsync());
            await world.OpenLogAsync();
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>Tells a step.</summary>
    public void Say(string text) => _say(text);

    /// <summary>Starts a node, which takes events from now on. A start that fails while a fault lasts is tried again.</summary>
    public async Task StartNodeAsync()
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var node = BeginNode();
            if (await node.ListensAsync())
            {
                Node = node;
                return;
            }

            var output = node.Process.Output.Trim();
            await node.DisposeAsync();
            Ends.Add($"start failed: {LastLine(output)}");
            Say(Ends[^1]);
            if (clock.Elapsed > s_waitMax)
            {
                throw new TimeoutException($"no node could be started within {s_waitMax}: {output}");
            }
        }
    }

    /// <summary>Begins the start of a node that is not the one that answers.</summary>
    public NodeProcess BeginNode()
    {
        Starts++;
        return NodeProcess.Begin(_config, Data, Definitions, line =>
        {
            if (line.Contains("Live parity: ", StringComparison.Ordinal) && !line.Contains(" are not compared ", StringComparison.Ordinal))
            {
                ParityFaults.Enqueue(line);
            }
        });
    }

    /// <summary>Makes another node the one that answers; the result is the one before.</summary>
    public NodeProcess? Replace(NodeProcess? node)
    {
        var before = Node;
        Node = node;
        return before;
    }

    /// <summary>kill -9.</summary>
    public async Task KillNodeAsync()
    {
        if (Replace(null) is { } node)
        {
            await node.DisposeAsync();
        }
    }

    /// <summary>What an orchestrator does: a node that has ended, or says that it is not live, is started anew.</summary>
    public async Task SuperviseAsync()
    {
        if (Node is { } node && (node.Process.HasExited || await node.IsLiveAsync() == false))
        {
            Ends.Add((node.Process.HasExited ? "ended by itself: " : "not live: ") + LastLine(node.Process.Output));
            Say(Ends[^1]);
            await KillNodeAsync();
        }

        if (Node is null)
        {
            await StartNodeAsync();
        }
    }

    /// <summary>Waits for a condition, and has the node restarted where that is due.</summary>
    public async Task WaitAsync(string what, Func<Task<bool>> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            if (clock.Elapsed > s_waitMax)
            {
                var status = Node is null ? null : await Node.StatusAsync();
                throw new TimeoutException(
                    $"not within {s_waitMax}: {what}; status: {status?.RootElement.ToString() ?? "none"}; output: {Node?.Process.Output ?? "none"}");
            }

            await Task.Delay(50);
            await SuperviseAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillNodeAsync();
        if (Log is not null)
        {
            await Log.DisposeAsync();
        }

        if (Redis is not null)
        {
            await Redis.DisposeAsync();
        }

        if (Broker is not null)
        {
            await Broker.DisposeAsync();
        }

        await Folder.DisposeAsync();
    }

    private static string LastLine(string output) => output.Trim().Split('\n').LastOrDefault(line => line.Trim().Length > 0)?.Trim() ?? "it said nothing";

    private void CopyDefinitions()
    {
        Directory.CreateDirectory(Definitions);
        foreach (var folder in (string[])[Path.Combine(Repository.Root, "schemas", "features"), Path.Combine(AppContext.BaseDirectory, "Features")])
        {
            foreach (var file in Directory.EnumerateFiles(folder, "*.conf"))
            {
                File.Copy(file, Path.Combine(Definitions, Path.GetFileName(file)));
            }
        }
    }

    private async Task OpenLogAsync()
    {
        Log = Broker is { } broker
            ? KafkaEventLog.Open(new KafkaSettings(broker.Bootstrap) { DeliveryTimeout = TimeSpan.FromSeconds(5), AnswerTimeout = TimeSpan.FromSeconds(2) })
            : EmbeddedEventLog.Open(new EmbeddedLogSettings(Path.Combine(Data, "events.db")) { BusyTimeout = TimeSpan.FromSeconds(2) });
        var schemas = new ShippedSchemas(new EmbeddedSchemaRegistry(Path.Combine(Data, "registry")));
        foreach (var topic in Topics.Of)
        {
            SchemaIds = SchemaIds.Add(topic, await schemas.RequireAsync(topic, CancellationToken.None));
        }
    }
}
