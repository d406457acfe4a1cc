using Akka.Actor;
using Microsoft.Extensions.Logging;
using Streaming.Contracts.Events;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;
using Streaming.Features.Plans;
using Streaming.Log.Embedded;
using Streaming.Persistence.Conformance;

namespace Streaming.Engine.Tests;

/// <summary>A whole engine in a folder.</summary>
internal sealed class RunningEngine : IAsyncDisposable
{
    /// <summary>The most records that a source takes at once.</summary>
    public const int RecordsPerRead = 200;

    private readonly EngineHost _host;

    private RunningEngine(EmbeddedEventLog log, Events events, EngineHost host)
    {
        Log = log;
        Events = events;
        _host = host;
    }

    public EmbeddedEventLog Log { get; }

    public Events Events { get; }

    public StreamingEngine Engine => _host.Engine;

    public ActorSystem System => _host.System;

    public static async Task<RunningEngine> StartAsync(
        TempFolder folder,
        FeatureCatalog catalog,
        bool direct,
        ILoggerFactory? loggers = null,
        MemoryStore? store = null,
        long entitiesMax = 1_000_000,
        bool bytes = false,
        EngineSettings? like = null)
    {
        var log = EmbeddedEventLog.Open(new EmbeddedLogSettings(folder["log.db"]));
        var registry = new EmbeddedSchemaRegistry(folder["registry"]);
        var level = loggers is null ? "OFF" : "WARNING";
        var settings = (like ?? SourceHarness.Quick) with
        {
            DirectDelivery = direct,
            RecordsPerRead = RecordsPerRead,
            MemoryEntitiesMax = entitiesMax,
            Partitions = SourceHarness.Quick.Partitions.Add("clicks", 4),
        };
        var host = await EngineHost.StartAsync($"akka.loglevel = {level}, akka.actor.serialize-messages = {(bytes ? "on" : "off")}", settings, catalog, log, registry, loggers, new MemoryShardSlots(store ?? new MemoryStore()));
        return new RunningEngine(log, await Events.CreateAsync(log, registry), host);
    }

    /// <summary>Waits until so many events, over all partitions, are applied or set aside.</summary>
    public Task AppliedAsync(long events) => Eventually.TrueAsync(
        $"{events} events",
        () => Engine.IsCaughtUp && Engine.Partitions.Sum(partition => partition.NextOffset) == events,
        () => string.Join(Environment.NewLine, Engine.Partitions));

    /// <summary>The features that nested loops over the log find.</summary>
    public async Task<NaiveFeatures> NaiveAsync() => new(await Events.ReadAsync<Transaction>(Log, EventSchemas.Transactions));

    /// <summary>The first difference from the features that nested loops over the log find; null when there is none.</summary>
    public Task<string?> DiffersAsync(NaiveFeatures naive) => DiffersAsync(Engine, naive);

    /// <summary>As <see cref="DiffersAsync(NaiveFeatures)"/>, of any engine.</summary>
    public static Task<string?> DiffersAsync(StreamingEngine engine, NaiveFeatures naive) =>
        naive.DiffersAsync(engine.Catalog, engine.ReadAsync);

    /// <summary>Stops the engine; the log stays open.</summary>
    public ValueTask StopAsync() => _host.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Log.DisposeAsync();
    }
}
