using Prometheus;
using Scalar.AspNetCore;
using Serilog;
using Streaming.Node.Http;
using Streaming.Node.Settings;
using Streaming.Scoring;
using Streaming.Scoring.Requests;
using Streaming.Scoring.ScoreLogs;
using Streaming.Scoring.Turns;

namespace Streaming.Node;

/// <summary>Builds the node's HTTP server: routes, metrics, health and the status page.</summary>
public static class NodeHost
{
    /// <summary>
    /// Lets the threads that wait for sockets run what comes of them, one thread a core, in place of handing each to the thread
    /// pool: a third of a score's cost (docs/adr/0004-score-fast-lane.md). For the process as a whole, so a program calls it, before
    /// it uses any socket; .NET takes it from the environment only. What runs on sockets must not block then, and nothing here does.
    /// </summary>
    public static void UseInlineSockets()
    {
        const string variable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
        if (Environment.GetEnvironmentVariable(variable) is null)
        {
            Environment.SetEnvironmentVariable(variable, "1");
        }
    }

    /// <summary>
    /// Builds the server; start it with <c>StartAsync</c>. It reads no configuration but <paramref name="settings"/>, and ends no part.
    /// </summary>
    public static WebApplication Build(NodeSettings settings, NodeParts parts)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(NodeHost).Assembly.GetName().Name });
        builder.Services.AddSerilog(NodeLogging.Configure(settings.Logging));
        builder.Services.AddRouting();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = settings.Http.ShutdownTimeout);
        var registry = Metrics.NewCustomRegistry();
        var metrics = new NodeMetrics(registry, parts);
        metrics.Runs(NodeVersion.Current, parts.Champion.ModelId, parts.Champion.Service.Name);
        var recent = new RecentScores();
        var schema = RequestSchema.For(parts.Champion.Service, parts.Champion.Definition.Request);
        if (settings.Score.Log && parts.Scores is { } target)
        {
            builder.Services.AddSingleton(services => new ScoreLog(
                target, parts.Champion, schema, settings.Score.LogSettings, metrics, services.GetRequiredService<ILogger<ScoreLog>>(), parts.Clock));
            builder.Services.AddHostedService<ScoreLogHost>();
        }

        builder.Services.AddSingleton(metrics).AddSingleton(settings.Http).AddSingleton<ProblemMiddleware>();
        ApiDescription.Add(builder.Services, schema, parts, settings);
        ConfigureServer(builder.WebHost, settings.Http);

        var app = builder.Build();
        var problems = app.Services.GetRequiredService<ProblemMiddleware>();
        app.Use(next => context => problems.InvokeAsync(context, next));
        var turns = new ScoreTurns(
            parts.Store, parts.Champion, schema, parts.FutureTolerance, parts.Clock, new ScoreObserver(metrics, recent), app.Services.GetService<ScoreLog>());
        var scores = new ScoreEndpoints(turns, settings.Score);
        app.Use(next => context => ScoreEndpoints.Takes(context.Request) ? scores.ScoreAsync(context) : next(context));
        app.UseRouting();
        var reads = new FeatureReads(parts.Store, parts.Clock);
        ApiRoutes.Map(
            app,
            scores,
            new FeatureEndpoints(parts.Store.Catalog, reads, settings.Score),
            new EventEndpoints(parts.Intake, settings.Events, metrics, parts.Clock),
            new StatusEndpoints(parts, settings, metrics, recent));
        app.MapMetrics(registry: registry).WithMetadata(ApiRoutes.Reading).ExcludeFromDescription();
        app.MapOpenApi($"/openapi/{ApiDescription.Version}.json").WithMetadata(ApiRoutes.Reading);
        app.MapScalarApiReference("/scalar", options => options.WithTitle("Streaming").DisableDefaultFonts()).WithMetadata(ApiRoutes.Reading);
        NodeLogging.Announce(app.Services.GetRequiredService<ILogger<Scorer>>(), parts.Champion);
        return app;
    }

    private static void ConfigureServer(IWebHostBuilder web, HttpSettings http)
    {
        web.UseKestrelCore();
        web.UseSockets(options =>
        {
            // What runs on a connection is short, and a buffer of 4 KB for an idle connection is cheaper than a system call a request.
            options.UnsafePreferInlineScheduling = true;
            options.WaitForDataBeforeAllocatingBuffer = false;
        });
        web.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = http.MaxRequestBytes;
            options.Limits.MaxConcurrentConnections = http.MaxConnections;
            options.Limits.KeepAliveTimeout = http.KeepAliveTimeout;
            options.Limits.RequestHeadersTimeout = http.ClientTimeout;
            options.Listen(http.Listen);
        });
    }
}
