using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Ingest;
using Streaming.Node;
using Streaming.Node.Settings;
using Streaming.Scoring;
using Streaming.Scoring.Definitions;

namespace Streaming.Benchmarks;

/// <summary>
/// The node's HTTP server over 20,000 cards with 60 transactions each and 10,000 terminals with 60 labels each, for wrk:
/// <c>score-server [--port 8099] [--model FILE] [--inline on|off] [--http "tls { certificate-file = ... }"]</c>; then <c>wrk -t1 -c64 -d8s -s score.lua http://127.0.0.1:8099</c>.
/// </summary>
internal static class ScoreServer
{
    private const int Cards = 20_000;
    private const int Terminals = 10_000;
    private const int EventsPerEntity = 60;
    internal const long NewestMillis = 1_533_081_600_000; // 2018-08-01
    private const long HistoryMillis = 45L * 86_400_000;

    public static async Task RunAsync(string[] args)
    {
        NodeHost.PrepareSockets();
        var schemas = Path.Combine(FindRoot(), "schemas");
        var catalog = Compile(Path.Combine(schemas, "features"));
        var model = Option(args, "--model", Path.Combine(schemas, "models", "fraud.onnx"));
        var store = new MemoryFeatureStore(catalog) { NewestEventTime = new EventTime(NewestMillis) };
        Fill(store, catalog);
        using var scorer = Scorer.Load(Definition(schemas, catalog) with { File = model }, catalog);
        var configuration = new Configuration(
            [
                ("arguments", $"streaming.http {{ listen = \"127.0.0.1:{Option(args, "--port", "8099")}\", inline-sockets = {Option(args, "--inline", "on")}\n {Option(args, "--http", string.Empty)} }}"),
                .. NodeSettings.References,
            ],
            _ => null);
        var (settings, faults) = NodeSettings.Create(configuration);
        await using var app = NodeHost.Build(
            settings ?? throw new InvalidOperationException(string.Join('\n', faults)), new NodeParts(store, store, scorer, new NoIntake(), TimeProvider.System) { FutureTolerance = TimeSpan.FromMinutes(10) });
        await app.StartAsync();
        Console.WriteLine($"listening on {settings.Http.Listen} with {scorer.ModelId}");
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            ended.TrySetResult();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        await ended.Task;
    }

    private static string Option(string[] args, string name, string otherwise) =>
        Array.IndexOf(args, name) is var index and >= 0 && index + 1 < args.Length ? args[index + 1] : otherwise;

    internal static FeatureCatalog Compile(string directory)
    {
        var files = Directory.GetFiles(directory, "*.conf").Order().Select(file => (file, File.ReadAllText(file))).ToArray();
        var (catalog, diagnostics) = FeatureCatalog.Compile(files, [.. EventSchemas.Sources.Values]);
        return catalog ?? throw new InvalidOperationException(string.Join('\n', diagnostics));
    }

    internal static ModelDefinition Definition(string schemas, FeatureCatalog catalog)
    {
        var file = Path.Combine(schemas, "models", "fraud.conf");
        var (models, diagnostics) = ModelDefinitions.Parse([(file, File.ReadAllText(file))], catalog);
        return models is [var model] ? model : throw new InvalidOperationException(string.Join('\n', diagnostics));
    }

    internal static void Fill(MemoryFeatureStore store, FeatureCatalog catalog)
    {
        var random = new Random(1);
        FillEntities(store, catalog, random, "card", Cards, "card_id", "ts", "amount");
        FillEntities(store, catalog, random, "terminal", Terminals, "terminal_id", "transaction_ts", "fraud");
    }

    private static void FillEntities(
        MemoryFeatureStore store, FeatureCatalog catalog, Random random, string entity, int count, string keyField, string timeField, string valueField)
    {
        var plan = catalog.FindEntity(entity)!;
        var feed = plan.Feeds.First(one => one.Source.Fields[one.KeyField].Name == keyField && one.Source.IndexOf(timeField) >= 0);
        var rows = Enumerable.Range(0, EventsPerEntity).ToArray();
        for (var i = 0; i < count; i++)
        {
            var batch = Batch(feed.Source, random, timeField, valueField);
            store.Add(plan, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{entity}_{i}"))).Apply(feed, batch, rows);
        }
    }

    private static EventBatch Batch(EventSource source, Random random, string timeField, string valueField)
    {
        var batch = new EventBatch(source, default, EventsPerEntity) { Count = EventsPerEntity };
        var value = source.IndexOf(valueField);
        var isFlag = source.Fields[value].Type == FieldType.Flag;
        for (var row = 0; row < EventsPerEntity; row++)
        {
            for (var field = 0; field < source.Fields.Length; field++)
            {
                batch[field]!.SetNull(row);
            }

            batch.Offsets[row] = row;
            batch.Times(source.IndexOf(timeField))[row] = NewestMillis - HistoryMillis + (row * (HistoryMillis / EventsPerEntity));
            batch.Numbers(value)[row] = isFlag ? random.Next(50) == 0 ? 1 : 0 : Math.Round(random.NextDouble() * 100, 2);
        }

        return batch;
    }

    internal static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Streaming.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? Directory.GetCurrentDirectory();
    }

    internal sealed class NoIntake : IEventIntake
    {
        public ImmutableArray<string> Topics => [];

        public Task<IntakeResult> AppendAsync(string topic, IReadOnlyList<ReadOnlyMemory<byte>> events, CancellationToken cancellation) =>
            Task.FromResult<IntakeResult>(new IntakeResult.Unavailable("this server only scores"));
    }
}
