using Microsoft.Extensions.DependencyInjection.Extensions;
using Streaming.Engine;

namespace Streaming.Node.Replays;

/// <summary>An engine beside the node's first one, with a host of its own: it starts and ends alone.</summary>
internal sealed class EngineLife : IAsyncDisposable
{
    private readonly IHost _host;

    private EngineLife(IHost host, StreamingEngine engine) => (_host, Engine) = (host, engine);

    /// <summary>The engine.</summary>
    public StreamingEngine Engine { get; }

    /// <summary>Starts an engine.</summary>
    /// <exception cref="EngineStartException">The generation was built from something else.</exception>
    /// <exception cref="Persistence.Redis.SlotStoreException">The store of snapshots is out of reach.</exception>
    /// <exception cref="Log.EventLogException">The log is unavailable.</exception>
    public static async Task<EngineLife> StartAsync(Task<StreamingEngine> prepared, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var engine = await prepared;
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.Replace(ServiceDescriptor.Singleton(loggers));
        engine.AddTo(builder.Services);
        var host = builder.Build();
        await host.StartAsync(cancellation);
        return new EngineLife(host, engine);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
