using System.Globalization;
using Prometheus;
using Scalar.AspNetCore;
using Serilog;
using Streaming.Node.Drift;
using Streaming.Node.Http;
using Streaming.Node.MLflow;
using Streaming.Node.Parity;
using Streaming.Node.Settings;
using Streaming.Scoring;
using Streaming.Scoring.Circuits;
using Streaming.Scoring.Registry;
using Streaming.Scoring.ScoreLogs;
using Streaming.Scoring.Serving;
using Streaming.Scoring.Turns;

namespace Streaming.Node;

/// <summary>Builds the node's HTTP server: routes, metrics, health and the status page.</summary>
public static class NodeHost
{
    private static readonly TimeSpan s_startWithin = TimeSpan.FromMinutes(1);

    /// <summary>
    /// A thread that waits for sockets for each core, since those of HTTP also answer scores (<see cref="Http.InlineSockets"/>), and no
    /// other socket's completions on them. .NET reads both from the environment only, so a program calls this before it uses a socket.
    /// </summary>
    public static void PrepareSockets()
    {
        const string threads = "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT";

        // For all sockets of the process: a session of the embedded Redis then waits for the thread that it blocks.
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "0");
        if (Environment.GetEnvironmentVariable(threads) is null)
        {
            Environment.SetEnvironmentVariable(threads, Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>
    /// Builds the server; start it with <c>StartAsync</c>. It reads no configuration but <paramref name="settings"/>, and ends no part.
    /// </summary>
    /// <param name="settings">The host's part of the settings.</param>
    /// <param name="parts">What it serves.</param>
    /// <param name="addEarly">Adds services that start before the score log and the server and stop after them; null for none.</param>
    public static WebApplication Build(NodeSettings settings, NodeParts parts, Action<IServiceCollection>? addEarly = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(
            new WebApplicationOptions { ApplicationName = typeof(NodeHost).Assembly.GetName().Name });
        builder.Services.AddSerilog(NodeLogging.Configure(settings.Logging));
        // Whoever runs the host handles signals. The console's lifetime would end a start half way, which the host logs as a failure.
        builder.Services.AddSingleton<IHostLifetime, CallersLifetime>();
        addEarly?.Invoke(builder.Services);
        builder.Services.AddRouting();
        builder.Services.Configure<HostOptions>(options =>
        {
            options.StartupTimeout = s_startWithin;
            options.ShutdownTimeout = settings.Http.ShutdownTimeout;
        });
        var registry = Metrics.NewCustomRegistry();
        var metrics = new NodeMetrics(registry, parts);
        builder.Services.AddSingleton(settings.Http)
            .AddSingleton(settings.Score)
            .AddSingleton(parts)
            .AddSingleton(metrics)
            .AddSingleton<RecentScores>()
            .AddSingleton(new BodyBudget(settings.Http.MaxBytesInFlight)).AddSingleton(new RequestLimit(settings.Http.MaxRequests))
            .AddSingleton<ProblemMiddleware>().AddSingleton<RequestGuard>().AddSingleton<ScoreEndpoints>();
        AddScoring(builder.Services, settings, parts, metrics);
        AddComparisons(builder.Services, settings, parts, registry);
        ApiDescription.Add(builder.Services, parts, settings);
        NodeServer.Configure(builder.WebHost, settings.Http);

        var app = builder.Build();
        NodePipeline.Use(app);
        Map(app, settings, parts, metrics);
        app.MapMetrics(registry: registry).WithMetadata(ApiRoutes.Reading).ExcludeFromDescription();
        app.MapOpenApi($"/openapi/{ApiDescription.Version}.json").WithMetadata(ApiRoutes.Reading);
        app.MapScalarApiReference("/scalar", options => options.WithTitle("Streaming").DisableDefaultFonts())
            .WithMetadata(ApiRoutes.Reading);
        AnnounceModels(app, metrics);
        return app;
    }

    private static void AnnounceModels(WebApplication app, NodeMetrics metrics)
    {
        var (models, logger) = (app.Services.GetRequiredService<ModelSlots>(), app.Services.GetRequiredService<ILogger<Scorer>>());
        foreach (var slot in models.All)
        {
            NodeLogging.Announce(logger, slot.Active.Scorer);
        }

        ModelMetrics.Register(metrics.Registry, models, app.Services.GetRequiredService<ScoreCircuits>().Entities);
        metrics.ShowModel(models.Champion, before: null);
        models.Swapped += (slot, before) =>
        {
            NodeLog.ModelSwapped(logger, before.Scorer.ModelId, slot.Active.Scorer.ModelId, slot.Definition.File);
            metrics.Swapped(slot.Name);
            if (slot == models.Champion)
            {
                metrics.ShowModel(slot, before);
            }
        };
    }

    /// <summary>The host lives until its caller stops it.</summary>
    private sealed class CallersLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private static void AddScoring(
        IServiceCollection services, NodeSettings given, NodeParts parts, NodeMetrics metrics)
    {
        var (settings, circuits, watch) = (given.Score, given.Circuits, given.Watch);
        if (settings.Log && parts.Scores is { } target)
        {
            services.AddSingleton(all => new ScoreLog(
                target, settings.LogSettings, metrics, all.GetRequiredService<ILogger<ScoreLog>>(), parts.Clock));
            services.AddHostedService<ScoreLogHost>();
        }

        services.AddSingleton(all => CircuitsOf(circuits, parts.Clock, all.GetRequiredService<ILogger<ScoreCircuits>>()));
        services.AddSingleton(all => new ModelSlots(
            parts.Champion,
            parts.Others,
            served => TurnsOf(served, parts, all),
            parts.Clock,
            settings.ShadowQueueLimit,
            watch.Period > TimeSpan.Zero));
        services.AddHostedService<ShadowHost>();
        if (watch.Period > TimeSpan.Zero)
        {
            services.AddHostedService(all => new SwapWatchHost(
                new(all.GetRequiredService<ModelSlots>(), watch, parts.Clock),
                metrics,
                all.GetRequiredService<ILogger<SwapWatch>>(),
                parts.Clock));
        }
    }

    private static ScoreTurns TurnsOf(ServedModel served, NodeParts parts, IServiceProvider all) => new(
        parts.Store,
        served.Scorer,
        served.Schema,
        parts.FutureTolerance,
        parts.Clock,
        new ScoreObserver(all.GetRequiredService<NodeMetrics>(), all.GetRequiredService<RecentScores>(), served),
        all.GetService<ScoreLog>()?.LaneOf(served.Scorer, served.Schema),
        all.GetService<IAnswerSampler>(),
        all.GetRequiredService<ScoreCircuits>());

    private static ScoreCircuits CircuitsOf(CircuitSettings settings, TimeProvider clock, Microsoft.Extensions.Logging.ILogger logger) =>
        new(settings, clock, (entity, state) => NodeLog.CircuitChanged(logger, entity, state));

    private static void AddComparisons(
        IServiceCollection services, NodeSettings settings, NodeParts parts, CollectorRegistry registry)
    {
        AddParity(services, settings.Parity, parts, registry);
        AddDrift(services, settings.Drift, parts, registry);
    }

    private static void AddDrift(IServiceCollection services, DriftSettings settings, NodeParts parts, CollectorRegistry registry)
    {
        var metrics = new DriftMetrics(Metrics.WithCustomRegistry(registry));
        if (settings.Enabled)
        {
            services.AddSingleton(all => new DriftWatch(all.GetRequiredService<ModelSlots>(), settings, metrics, parts.Clock));
            services.AddHostedService(static all => all.GetRequiredService<DriftWatch>());
        }
    }

    private static void AddParity(IServiceCollection services, ParitySettings settings, NodeParts parts, CollectorRegistry registry)
    {
        var metrics = new ParityMetrics(Metrics.WithCustomRegistry(registry));
        if (settings.Share > 0 && parts.History is { } history)
        {
            services.AddSingleton(all => new LiveParity(
                parts.Store, history, settings, metrics, all.GetRequiredService<ILogger<LiveParity>>(), parts.Clock));
            services.AddSingleton<IAnswerSampler>(static all => all.GetRequiredService<LiveParity>());
            services.AddHostedService<ParityHost>();
        }
    }

    private static void Map(WebApplication app, NodeSettings settings, NodeParts parts, NodeMetrics metrics)
    {
        var models = app.Services.GetRequiredService<ModelSlots>();
        var reads = new FeatureReads(parts.Store, parts.Clock, app.Services.GetService<IAnswerSampler>());
        ApiRoutes.Map(
            app,
            app.Services.GetRequiredService<ScoreEndpoints>(),
            new FeatureEndpoints(parts.Store.Catalog, reads, settings.Score),
            new EventEndpoints(parts.Intake, settings.Events, metrics, parts.Clock, parts.Engine),
            new StatusEndpoints(parts, models, settings, metrics, app.Services.GetRequiredService<RecentScores>()),
            new DriftEndpoints(models, settings.Drift, app.Services.GetService<DriftWatch>()),
            new ModelEndpoints(models),
            models.Find(PropensityEndpoints.Model) is { } slot
                ? new PropensityEndpoints(slot, parts.Store, settings.Score, parts.Clock)
                : null);
        MlflowRoutes.Map(app, new RegistryFolder(settings.RegistryDirectory, parts.Clock), mayWrite: false);
    }
}
