using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;
using Streaming.Engine;
using Streaming.Engine.Tests;
using Streaming.Features.Plans;
using Streaming.Log;
using Streaming.Log.Embedded;
using Streaming.Log.Kafka;
using Streaming.Node.Settings;

namespace Streaming.Benchmarks;

/// <summary>
/// The handbook's transactions from the log through the card and terminal actors, in several passes of one process; each pass is a
/// new engine with empty memory. From the embedded log, or from a broker whose topics are deleted and filled again first.
/// </summary>
internal sealed class EngineBenchmark : IAsyncDisposable
{
    private const int Partitions = 4;
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    private readonly string _folder = Directory.CreateTempSubdirectory("streaming-engine-").FullName;
    private readonly IEventLog _log;
    private readonly CachingSchemaRegistry _registry;

    private EngineBenchmark(string? bootstrap)
    {
        _log = bootstrap is null
            ? EmbeddedEventLog.Open(new EmbeddedLogSettings(Path.Combine(_folder, "log.db")))
            : KafkaEventLog.Open(new KafkaSettings(bootstrap));
        _registry = new CachingSchemaRegistry(new EmbeddedSchemaRegistry(Path.Combine(_folder, "registry")));
    }

    public static async Task<int> RunAsync(string? bootstrap, int passes, bool direct)
    {
        await using var benchmark = new EngineBenchmark(bootstrap);
        await benchmark.FillAsync();
        for (var pass = 1; pass <= passes; pass++)
        {
            await benchmark.PassAsync(pass, direct, bootstrap is null ? "embedded" : "kafka");
        }

        return 0;
    }

    /// <summary>Starts an engine over this log.</summary>
    public static Task<EngineHost> StartAsync(FeatureCatalog catalog, IEventLog log, ISchemaRegistry registry, bool direct) =>
        EngineHost.StartAsync(string.Empty, Settings(direct), catalog, log, registry);

    /// <summary>The engine's defaults, for the topics of benchmarks.</summary>
    public static EngineSettings Settings(bool direct)
    {
        using var stream = typeof(StreamingEngine).Assembly.GetManifestResourceStream("Streaming.Engine.reference.conf")!;
        using var text = new StreamReader(stream);
        var defaults = new Configuration([("Streaming.Engine/reference.conf", text.ReadToEnd())], _ => null);
        return EngineSettingsReader.Read(new SettingsReader(defaults)) with
        {
            ConsumerGroup = "benchmark",
            DirectDelivery = direct,
            Partitions = ImmutableSortedDictionary<string, int>.Empty.Add(EventSchemas.Transactions, Partitions).Add(EventSchemas.DeadLetters, 1),
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task FillAsync()
    {
        if (await _log.DescribeTopicAsync(EventSchemas.Transactions, CancellationToken.None) is not null)
        {
            throw new InvalidOperationException("the log has a topic 'transactions' already; give a broker of its own to this benchmark");
        }

        await _log.CreateTopicAsync(EventSchemas.Transactions, Partitions, CancellationToken.None);
        var registered = await _registry.RegisterAsync(EventSchemas.SubjectOf(EventSchemas.Transactions), EventSchemas.Transaction, CancellationToken.None);
        var watch = Stopwatch.StartNew();
        await Handbook.AppendAsync(_log, ((RegistryResult<int>.Found)registered).Value);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"filled {Handbook.Rows} records in {watch.Elapsed.TotalSeconds:F1} s"));
    }

    private async Task PassAsync(int pass, bool direct, string log)
    {
        GC.Collect();
        var cpu = Environment.CpuUsage.TotalTime;
        var collections = (GC.CollectionCount(0), GC.CollectionCount(2));
        var allocated = GC.GetTotalAllocatedBytes();
        var start = Stopwatch.StartNew();
        await using var host = await StartAsync(Handbook.Catalog(), _log, _registry, direct);
        var engine = host.Engine;
        var started = start.Elapsed.TotalSeconds;
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (engine.Partitions.Sum(p => p.NextOffset) < Handbook.Rows && start.Elapsed < s_limit)
        {
            await poll.WaitForNextTickAsync();
        }

        var seconds = start.Elapsed.TotalSeconds - started;
        var rows = engine.Partitions.Sum(p => p.NextOffset);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"RESULT engine log={log} delivery={(direct ? "direct" : "region")} pass={pass} rows={rows} seconds={seconds:F3} rows_per_s={rows / seconds:F0} engine_start={started:F2} cpu_seconds={(Environment.CpuUsage.TotalTime - cpu).TotalSeconds:F2} gen0={GC.CollectionCount(0) - collections.Item1} gen2={GC.CollectionCount(2) - collections.Item2} allocated_mb={(GC.GetTotalAllocatedBytes() - allocated) / 1_000_000}"));
        foreach (var entity in engine.Entities)
        {
            Console.WriteLine($"  {entity.Entity}: {entity.Count} entities, {entity.StateBytes / Math.Max(1, entity.Count)} bytes of state each");
        }
    }
}
