using Akka.Actor;
using Akka.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Streaming.Contracts.Registry;
using Streaming.Persistence.Redis.Slots;
using Streaming.Features.Plans;
using Streaming.Log;
using Streaming.Persistence.Conformance;

namespace Streaming.Engine.Tests;

/// <summary>An engine that runs on a host of its own, without HTTP.</summary>
internal sealed class EngineHost : IAsyncDisposable
{
    private readonly IHost _host;

    private EngineHost(IHost host, StreamingEngine engine)
    {
        _host = host;
        Engine = engine;
        System = host.Services.GetRequiredService<ActorSystem>();
    }

    public StreamingEngine Engine { get; }

    public ActorSystem System { get; }

    /// <summary>Starts an engine.</summary>
    /// <param name="config">The configuration, over the engine's defaults.</param>
    /// <param name="settings">The engine's settings.</param>
    /// <param name="catalog">What is computed.</param>
    /// <param name="log">The event log.</param>
    /// <param name="registry">The schema registry.</param>
    /// <param name="loggers">Where the engine logs; null for nowhere.</param>
    /// <param name="slots">The store of snapshots; null for an empty one.</param>
    public static async Task<EngineHost> StartAsync(
        string config,
        EngineSettings settings,
        FeatureCatalog catalog,
        IEventLog log,
        ISchemaRegistry registry,
        ILoggerFactory? loggers = null,
        IShardSlots? slots = null)
    {
        var akka = ConfigurationFactory.ParseString(config).WithFallback(StreamingEngine.ReferenceConfig);
        var engine = await StreamingEngine.PrepareAsync(
            akka, settings, catalog, log, registry, slots ?? new MemoryShardSlots(new MemoryStore()), TimeProvider.System, CancellationToken.None);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        if (loggers is not null)
        {
            builder.Services.Replace(ServiceDescriptor.Singleton(loggers));
        }

        engine.AddTo(builder.Services);
        var host = builder.Build();
        await host.StartAsync();
        return new EngineHost(host, engine);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
