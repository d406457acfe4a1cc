using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Streaming.Features.Plans;
using Streaming.Node.Http;
using Streaming.Node.Settings;
using Streaming.Scoring;
using Streaming.Scoring.ScoreLogs;
using Streaming.Scoring.Serving;

namespace Streaming.Node.Tests.Fakes;

/// <summary>A node on a free loopback port, over fakes.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private readonly WebApplication _app;

    private TestNode(WebApplication app, FakeFeatureStore store, FakeModel model, FakeIntake intake)
    {
        _app = app;
        Store = store;
        Model = model;
        Intake = intake;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.First().Replace("[::]", "127.0.0.1", StringComparison.Ordinal)), Timeout = s_patience };
    }

    public FakeFeatureStore Store { get; }

    public FakeModel Model { get; }

    public FakeIntake Intake { get; }

    public HttpClient Client { get; }

    public ModelSlots Models => _app.Services.GetRequiredService<ModelSlots>();

    public IHostLifetime Lifetime => _app.Services.GetRequiredService<IHostLifetime>();

    public int RequestsUnderWay => _app.Services.GetRequiredService<RequestLimit>().Count;

    /// <summary>Starts a node with settings of its own, written as in akka.hocon under <c>streaming</c>.</summary>
    public static async Task<TestNode> StartAsync(string overrides = "", bool hasModel = true, bool isShipped = false, ScoreLogTarget? scores = null, string? features = null, Func<bool>? isPrepared = null, TimeProvider? clock = null, CapturedLog? log = null, Upkeep.LogState? logState = null, FakeModel? like = null, bool hasSecond = false, string second = Samples.SecondModel, Func<FeatureCatalog, Scorer[]>? others = null)
    {
        var catalog = isShipped ? Samples.ShippedCatalog() : Samples.Catalog(features ?? Samples.Features);
        var (store, model, intake) = (new FakeFeatureStore(catalog), like ?? new FakeModel(), new FakeIntake());
        var definition = isShipped ? Samples.ShippedModel(catalog) : Samples.Model(catalog);
        var scorer = new Scorer(definition, catalog.FindService(definition.Service)!, hasModel ? model : null, hasModel ? null : "there is no such file");
        var app = NodeHost.Build(Settings(overrides), new NodeParts(store, store, scorer, intake, clock ?? TimeProvider.System) { FutureTolerance = TimeSpan.FromMinutes(10), Scores = scores, Others = hasSecond ? [new Scorer(Samples.Second(catalog, second), catalog.FindService("fraud")!, model)] : [.. others?.Invoke(catalog) ?? []], IsPrepared = isPrepared ?? (() => true), Log = () => logState }, services => AddLog(services, log));
        await app.StartAsync();
        return new(app, store, model, intake);
    }

    private static void AddLog(IServiceCollection services, CapturedLog? log)
    {
        if (log is not null)
        {
            services.AddSingleton<ILoggerFactory>(log);
        }
    }

    public static NodeSettings Settings(string overrides)
    {
        var configuration = new Configuration(
            [
                ("test.conf", $"streaming {{ http.listen = \"127.0.0.1:0\", logging.level = fatal\n {overrides} }}"),
                .. NodeSettings.References,
            ],
            _ => null);
        var (settings, faults) = NodeSettings.Create(configuration);
        return settings ?? throw new InvalidOperationException(string.Join('\n', faults));
    }

    public Task<HttpResponseMessage> PostAsync(string path, string json, string mediaType = "application/json") =>
        Client.PostAsync(path, new StringContent(json, Encoding.UTF8, mediaType));

    public async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient { NoDelay = true, ReceiveTimeout = (int)s_patience.TotalMilliseconds };
        await client.ConnectAsync(IPAddress.Loopback, Client.BaseAddress!.Port);
        return client;
    }

    /// <summary>The value of a metric's sample, by its exact name and labels.</summary>
    public async Task<double> MetricAsync(string sample)
    {
        var text = await Client.GetStringAsync("/metrics");
        var line = text.Split('\n').Single(one => one.StartsWith(sample + " ", StringComparison.Ordinal));
        return double.Parse(line[(sample.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
