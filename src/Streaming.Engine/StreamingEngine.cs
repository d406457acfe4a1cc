using System.Collections.Immutable;
using Akka.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Streaming.Contracts.Registry;
using Streaming.Engine.Checkpoints;
using Streaming.Engine.Deliveries;
using Streaming.Engine.Entities;
using Streaming.Persistence.Redis;
using Streaming.Persistence.Redis.Slots;
using Streaming.Engine.Sources;
using Streaming.Engine.Startup;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Features.Serving;
using Streaming.Features.State;
using Streaming.Ingest;
using Streaming.Ingest.DeadLetters;
using Streaming.Log;

namespace Streaming.Engine;

/// <summary>
/// An engine: an actor system with a shard region for each entity type and a source for each partition. One node. It runs while its host
/// does (<see cref="AddTo"/>): it knows no entity before, and has a fault afterwards. The caller disposes the log and the registry, after
/// the host.
/// </summary>
public sealed class StreamingEngine : IFeatureStore, IEngineStatus
{
    private readonly SourceBoard _board;
    private readonly EntityReader _entities;
    private readonly EngineActors _actors;

    private StreamingEngine(FeatureCatalog catalog, SourceBoard board, EntityReader entities, EngineActors actors)
    {
        Catalog = catalog;
        _board = board;
        _entities = entities;
        _actors = actors;
    }

    /// <summary>The engine's and Akka's defaults.</summary>
    public static Config ReferenceConfig { get; } = ConfigurationFactory.FromResource<StreamingEngine>("Streaming.Engine.reference.conf");

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

    /// <summary>
    /// Prepares an engine: checks what it needs and creates missing topics, so that what is wrong is reported before a host starts.
    /// </summary>
    /// <param name="config">The whole configuration, with <see cref="ReferenceConfig"/> as its fallback; Akka's part is used here.</param>
    /// <param name="settings">The engine's part, validated.</param>
    /// <param name="catalog">The feature views to compute.</param>
    /// <param name="log">The event log.</param>
    /// <param name="registry">The schema registry.</param>
    /// <param name="slots">The store of snapshots.</param>
    /// <param name="time">The clock of waits and time-outs; features never see it.</param>
    /// <param name="cancellation">Ends the preparation.</param>
    /// <exception cref="EngineStartException">The registry refuses the dead letters' schema, or a setting is missing.</exception>
    /// <exception cref="SlotStoreException">The store of snapshots is out of reach.</exception>
    /// <exception cref="EventLogException">The log is unavailable. Existing topics keep their partitions.</exception>
    public static async Task<StreamingEngine> PrepareAsync(
        Config config,
        EngineSettings settings,
        FeatureCatalog catalog,
        IEventLog log,
        ISchemaRegistry registry,
        IShardSlots slots,
        TimeProvider time,
        CancellationToken cancellation)
    {
        var plans = SourcePlan.For(catalog, settings.FutureTolerance, settings.RecordNames);
        StartRequirements.Topics(settings, plans);
        StartRequirements.SafeRemoting(settings, config);
        var topics = await SourceTopics.CreateAsync(log, settings, plans, cancellation);
        var identities = topics.ToImmutableSortedDictionary(topic => topic.Key, topic => topic.Value.Identity);
        var record = new GenerationRecord(settings.Shards, identities);
        var generation = await Generation.OpenAsync(slots.Generations, record, settings.IsNewGeneration, cancellation);
        var clients = new SourceClients(log, registry, new DeadLetterWriter(log, new ShippedSchemas(registry), time), slots);
        await StartRequirements.DeadLettersAsync(clients.DeadLetters, cancellation);
        var (board, entities) = (new SourceBoard(), new EntityTable(
            catalog.Entities, settings.Shards, new Residency(settings.MemoryEntitiesMax, settings.MemoryBytesMax)));
        var actors = new EngineActors(config, settings, plans, topics, clients, slots, generation, entities, board, time);
        return new StreamingEngine(catalog, board, new EntityReader(entities, settings.ReadTimeout, time), actors);
    }

    /// <inheritdoc/>
    public EntityMemory Memory => _entities.Memory;

    /// <summary>
    /// Adds the engine to the services of a host. With the host the actor system starts, joins a cluster of one, and starts regions and
    /// sources. With the host, too, sources, entities and the actor system stop, in this order; after it nothing uses log or registry.
    /// Akka logs to the host's loggers, with entity keys masked.
    /// </summary>
    /// <param name="services">The host's services; those that are added later start after the engine and stop before it.</param>
    public void AddTo(IServiceCollection services) => _actors.AddTo(services);

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
}
