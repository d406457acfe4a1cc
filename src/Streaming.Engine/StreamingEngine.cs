using Akka.Actor;
using Akka.Configuration;
using Microsoft.Extensions.Logging;
using Streaming.Contracts.Registry;
using Streaming.Engine.Entities;
using Streaming.Engine.Sources;
using Streaming.Engine.Startup;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Features.Serving;
using Streaming.Features.State;
using Streaming.Log;

namespace Streaming.Engine;

/// <summary>
/// A running engine: an actor system with a shard region for each entity type and a source for each partition. One node. The caller
/// disposes the log and the registry, after the engine.
/// </summary>
public sealed class StreamingEngine : IFeatureStore, IEngineStatus, IAsyncDisposable
{
    private readonly SourceBoard _board;
    private readonly EntityReader _entities;
    private readonly OutageLog _outages;

    internal StreamingEngine(ActorSystem system, FeatureCatalog catalog, SourceBoard board, EntityReader entities, OutageLog outages)
    {
        System = system;
        Catalog = catalog;
        _board = board;
        _entities = entities;
        _outages = outages;
    }

    /// <summary>The engine's and Akka's defaults.</summary>
    public static Config ReferenceConfig { get; } = ConfigurationFactory.FromResource<StreamingEngine>("Streaming.Engine.reference.conf");

    /// <summary>The actor system.</summary>
    public ActorSystem System { get; }

    /// <inheritdoc/>
    public FeatureCatalog Catalog { get; }

    /// <inheritdoc/>
    public EventTime NewestEventTime => _board.Newest;

    /// <inheritdoc/>
    public bool IsCaughtUp => _board.IsCaughtUp;

    /// <inheritdoc/>
    public bool IsReady => _board.IsReady;

    /// <inheritdoc/>
    public string? Fault => _board.Fault;

    /// <inheritdoc/>
    public IReadOnlyList<PartitionStatus> Partitions => _board.All;

    /// <inheritdoc/>
    public IReadOnlyList<EntityCount> Entities => _entities.Count();

    /// <summary>Starts an engine: creates missing topics, joins a cluster of one, starts regions and sources.</summary>
    /// <param name="config">The whole configuration, with <see cref="ReferenceConfig"/> as its fallback; Akka's part is used here.</param>
    /// <param name="settings">The engine's part, validated.</param>
    /// <param name="catalog">The feature views to compute.</param>
    /// <param name="log">The event log.</param>
    /// <param name="registry">The schema registry.</param>
    /// <param name="time">The clock of waits and time-outs; features never see it.</param>
    /// <param name="cancellation">Ends the start.</param>
    /// <param name="loggers">Where the engine and Akka log, with entity keys masked; null for nowhere.</param>
    /// <exception cref="EngineStartException">The registry refuses the dead letters' schema, or a setting is missing.</exception>
    /// <exception cref="EventLogException">The log is unavailable. Existing topics keep their partitions.</exception>
    public static Task<StreamingEngine> StartAsync(
        Config config,
        EngineSettings settings,
        FeatureCatalog catalog,
        IEventLog log,
        ISchemaRegistry registry,
        TimeProvider time,
        CancellationToken cancellation,
        ILoggerFactory? loggers = null) =>
        new EngineStart(settings, catalog, log, registry, time).RunAsync(config, loggers, cancellation);

    /// <inheritdoc/>
    public ReadOutcome TryRead(
        EntityReadPlan read, ReadOnlySpan<byte> key, long atMillis, EventBatch? request, int row, Span<FeatureValue> output) =>
        _entities.TryRead(read, key, atMillis, request, row, output);

    /// <inheritdoc/>
    public ValueTask<ReadOutcome> ReadAsync(
        EntityReadPlan read,
        ReadOnlyMemory<byte> key,
        long atMillis,
        EventBatch? request,
        int row,
        Memory<FeatureValue> output,
        CancellationToken cancellation) =>
        _entities.ReadAsync(read, key, atMillis, request, row, output, cancellation);

    /// <summary>Stops sources, entities and the actor system, in this order; after it nothing uses log or registry.</summary>
    public async ValueTask DisposeAsync()
    {
        await CoordinatedShutdown.Get(System).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
        await System.WhenTerminated;
        _outages.Dispose();
    }
}
