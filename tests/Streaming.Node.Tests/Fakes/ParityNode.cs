using System.Globalization;
using Akka.Actor;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Streaming.Contracts.Registry;
using Streaming.Engine;
using Streaming.Engine.Replays;
using Streaming.Engine.Sources;
using Streaming.Ingest;
using Streaming.Log;
using Streaming.Log.Embedded;
using Streaming.Node.Settings;
using Streaming.Persistence.Conformance;
using Streaming.Scoring;
using Streaming.Scoring.Turns;

namespace Streaming.Node.Tests.Fakes;

/// <summary>A node with a real engine and log, whose answers can be altered, and are compared with the log.</summary>
internal sealed class ParityNode : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly StreamingEngine _engine;

    private ParityNode(WebApplication app, StreamingEngine engine, AlteringStore store, EmbeddedEventLog log, CapturedLog lines)
    {
        (_app, _engine, Store, Log, Lines) = (app, engine, store, log, lines);
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public AlteringStore Store { get; }

    public EmbeddedEventLog Log { get; }

    public CapturedLog Lines { get; }

    public HttpClient Client { get; }

    public IAnswerSampler? Sampler => _app.Services.GetService<IAnswerSampler>();

    /// <summary>Starts it.</summary>
    /// <param name="folder">Where its log is.</param>
    /// <param name="parity">What is under <c>streaming.parity</c>.</param>
    /// <param name="store">The store of snapshots.</param>
    /// <param name="history">The log that answers are compared with; null for the node's own.</param>
    public static async Task<ParityNode> StartAsync(
        TempFolder folder, string parity, MemoryStore? store = null, IEventLog? history = null)
    {
        var (catalog, clock, lines) = (Samples.Catalog(), TimeProvider.System, new CapturedLog());
        var log = EmbeddedEventLog.Open(new EmbeddedLogSettings(folder["log.db"]));
        var registry = new EmbeddedSchemaRegistry(folder["registry"]);
        var engine = await StreamingEngine.PrepareAsync(
            StreamingEngine.ReferenceConfig, Engine(), catalog, log, registry, new MemoryShardSlots(store ?? new MemoryStore()), clock, CancellationToken.None);
        var model = Samples.Model(catalog);
        var (altering, scorer) = (new AlteringStore(engine), new Scorer(model, catalog.FindService(model.Service)!, new FakeModel()));
        var intake = new LogEventIntake(log, new ShippedSchemas(registry), EventRules.For(catalog, Engine().FutureTolerance), clock);
        var parts = new NodeParts(altering, engine, scorer, intake, clock)
        {
            FutureTolerance = Engine().FutureTolerance,
            History = new ReplayServices(history ?? log, registry, catalog, Engine(), clock),
        };
        var app = NodeHost.Build(TestNode.Settings($"parity {{ {parity} }}"), parts, services =>
        {
            services.AddSingleton<ILoggerFactory>(lines);
            engine.AddTo(services);
        });
        _ = app.Services.GetRequiredService<ActorSystem>();
        await app.StartAsync();
        var node = new ParityNode(app, engine, altering, log, lines);
        await Eventually.TrueAsync("caught up", () => engine.IsCaughtUp);
        return node;
    }

    /// <summary>Posts transactions and waits until they are applied.</summary>
    public async Task ApplyAsync(params string[] transactions)
    {
        var before = _engine.Partitions.Sum(static status => status.NextOffset);
        using var content = new StringContent($"[{string.Join(',', transactions)}]", null, "application/json");
        using var answer = await Client.PostAsync("/events/transactions", content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        await Eventually.TrueAsync("applied", () => _engine.IsCaughtUp && _engine.Partitions.Sum(static status => status.NextOffset) == before + transactions.Length);
    }

    /// <summary>Reads an entity.</summary>
    public Task<string> ReadAsync(string entity, string query = "") => Client.GetStringAsync($"/features/{entity}{query}");

    /// <summary>Scores a request.</summary>
    public async Task ScoreAsync(string request)
    {
        using var content = new StringContent(request, null, "application/json");
        using var answer = await Client.PostAsync("/score", content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The sum of a counter's samples.</summary>
    public async Task<double> CountAsync(string counter) => (await Client.GetStringAsync("/metrics")).Split('\n')
        .Where(line => line.StartsWith($"streaming_parity_{counter}", StringComparison.Ordinal))
        .Sum(static line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    /// <summary>Waits until so many answers are compared.</summary>
    public Task ComparedAsync(int answers) => Eventually.TrueAsync(
        $"{answers} compared", async () => await CountAsync("compared_total") >= answers, () => string.Join('\n', Lines.Lines) + _engine.IsCaughtUp);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await Log.DisposeAsync();
    }

    private static EngineSettings Engine()
    {
        const string Quick = "streaming.engine { checkpoint-interval = 50ms, commit-interval = 50ms, unknown-schema-wait = 50ms }";
        using var reference = typeof(StreamingEngine).Assembly.GetManifestResourceStream("Streaming.Engine.reference.conf")!;
        using var text = new StreamReader(reference);
        var reader = new SettingsReader(new Configuration([("test.conf", Quick), ("reference.conf", text.ReadToEnd())], _ => null));
        var settings = EngineSettingsReader.Read(reader);
        Assert.Empty(reader.Faults);
        return settings;
    }
}
