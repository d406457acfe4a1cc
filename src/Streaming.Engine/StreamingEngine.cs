using System.Collections.Immutable;
using Akka.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Streaming.Contracts.Registry;
using Streaming.Engine.Checkpoints;
using Streaming.Engine.Deliveries;
using Streaming.Engine.Entities;
using Streaming.Engine.Replays;
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
    private readonly EntityTable _types;

    private StreamingEngine(FeatureCatalog catalog, SourceBoard board, EntityReader entities, EntityTable types, EngineActors actors)
    {
        _types = types;
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
    public EventTime HistoryFrom => _board.HistoryFrom;

    /// <inheritdoc/>
    public bool IsCaughtUp => _board.IsCaughtUp;

    /// <inheritdoc/>
    public bool IsReady => _board.IsReady;

    /// <inheritdoc/>
    public string? Fault => _board.Fault;

    /// <inheritdoc/>
    public string? StoreFault => _board.StoreFault;

    /// <inheritdoc/>
    public IReadOnlyList<PartitionStatus> Partitions => _board.All;

    /// <inheritdoc/>
    public IReadOnlyList<ShardStatus> Shards => _entities.Shards();

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
        var record = new GenerationRecord(settings.Shards, identities) { BegunMillis = time.GetUtcNow().ToUnixTimeMilliseconds() };
        var (generation, opened) = await Generation.OpenAsync(slots.Generations, record, settings, cancellation);
        var clients = new SourceClients(log, registry, new DeadLetterWriter(log, new ShippedSchemas(registry), time), slots)
        {
            Generation = generation,
            Replaces = opened.Replaces,
            BeginsAt = opened.BeginsAt,
        };
        await StartRequirements.DeadLettersAsync(clients.DeadLetters, cancellation);
        var residency = new Residency(settings.MemoryEntitiesMax, settings.MemoryBytesMax, settings.RestAfter, time);
        var (board, entities) = (new SourceBoard(), new EntityTable(catalog.Entities, settings.Shards, residency, settings.DirectDelivery));
        var queries = new OpenQueries();
        var actors = new EngineActors(config, settings, plans, topics, clients, slots, generation, entities, queries, board, time);
        var reader = new EntityReader(entities, queries, settings.ReadTimeout, new StateBound(settings.StateTimeout, time), time);
        return new StreamingEngine(catalog, board, reader, entities, actors);
    }

    /// <inheritdoc/>
    public EntityMemory Memory => _entities.Memory;

    /// <summary>
    /// Lets all entities rest that are not in use, for a node that has read its log: completes when they have been asked, or the store of
    /// snapshots is away.
    /// </summary>
    public Task SettleAsync() => _entities.SettleAsync();

    /// <summary>
    /// Adds the engine to the services of a host. With the host the actor system starts, joins a cluster of one, and starts regions and
    /// sources. With the host, too, sources, entities and the actor system stop, in this order; after it nothing uses log or registry.
    /// Akka logs to the host's loggers, with entity keys masked.
    /// </summary>
    /// <param name="services">The host's services; those that are added later start after the engine and stop before it.</param>
    public void AddTo(IServiceCollection services) => _actors.AddTo(services);

    /// <summary>An entity's state as bytes, with its applied offsets, as it is now; null for one that has had no events.</summary>
    /// <param name="plan">Its type, one of the catalog's.</param>
    /// <param name="key">Its key, UTF-8.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="TimeoutException">Its shard, its actor or the store does not answer; the message says which.</exception>
    /// <exception cref="SlotStoreException">It is in the store of snapshots alone, which is out of reach.</exception>
    public Task<ReadOnlyMemory<byte>?> StateAsync(EntityPlan plan, ReadOnlyMemory<byte> key, CancellationToken cancellation) =>
        _entities.StateAsync(_types[plan], key, cancellation);

    /// <inheritdoc/>
    public ReadPin? TryPin(EntityPlan entity, ReadOnlySpan<byte> key)
    {
        // Looked at first: what they cover is in the state.
        var (losses, confirmed) = (_board.Losses, _board.Progress());
        return _entities.TryAppliedOf(entity, key) is { } applied ? new EntityPin((_board, losses), applied, confirmed) : null;
    }

    /// <inheritdoc/>
    public int TryKnown(EntityPlan entity, ReadOnlySpan<byte> key, Span<KnownOffset> known) => _entities.TryKnown(entity, key, known);

    /// <summary>The states of all entities of a type as bytes, each as it is at some moment on the way.</summary>
    /// <param name="plan">The type, one of the catalog's.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="TimeoutException">A shard or an entity does not answer; the message says which.</exception>
    /// <exception cref="SlotStoreException">The store of snapshots is out of reach.</exception>
    public IAsyncEnumerable<(byte[] Key, ReadOnlyMemory<byte> State)> StatesAsync(EntityPlan plan, CancellationToken cancellation) =>
        _entities.States(_types[plan]).ReadAsync(cancellation);

    /// <summary>
    /// The event time that all entities of a type are remembered since; the smallest number where none was forgotten. It never goes back
    /// in an engine's life.
    /// </summary>
    public long RememberedSince(EntityPlan plan) => _types[plan].Shards.Max(static shard => shard.SinceMillis);

    /// <summary>What the sources have confirmed, by partition: all before it is in the entities.</summary>
    public IReadOnlyList<DurableMark> Confirmed() =>
        [.. _board.Progress().ByPartition.Select(mark => new DurableMark(mark.Key.Topic, mark.Key.Partition, mark.Value.Offset))];

    /// <summary>
    /// Ends sources, keepers and entities, and lets go of the states: another engine answers from now on. The actor system stays until the
    /// host stops. Reads that are under way must have ended.
    /// </summary>
    public Task RetireAsync() => _actors.RetireAsync();

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
