using System.Collections.Frozen;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Configuration;
using Microsoft.Extensions.Logging;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;
using Streaming.Engine.Entities;
using Streaming.Engine.Logging;
using Streaming.Engine.Remoting;
using Streaming.Engine.Sources;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Features.Serving;
using Streaming.Features.State;
using Streaming.Ingest;
using Streaming.Ingest.DeadLetters;
using Streaming.Log;

namespace Streaming.Engine;

/// <summary>
/// A running engine: an actor system with a shard region for each entity type and a source for each partition. One node; the log
/// and the registry are the caller's to dispose, after the engine.
/// </summary>
public sealed class StreamingEngine : IFeatureStore, IEngineStatus, IAsyncDisposable
{
    // Within the five seconds that coordinated shutdown gives a phase.
    private static readonly TimeSpan s_stopTimeout = TimeSpan.FromSeconds(4);

    private readonly EngineContext _context;
    private readonly FrozenDictionary<string, IActorRef> _regions;

    private StreamingEngine(ActorSystem system, EngineContext context, FrozenDictionary<string, IActorRef> regions)
    {
        System = system;
        _context = context;
        _regions = regions;
    }

    /// <summary>The actor system.</summary>
    public ActorSystem System { get; }

    /// <inheritdoc/>
    public FeatureCatalog Catalog => _context.Catalog;

    /// <inheritdoc/>
    public EventTime NewestEventTime => _context.Board.Newest;

    /// <inheritdoc/>
    public bool IsCaughtUp => _context.Board.IsCaughtUp;

    /// <inheritdoc/>
    public bool IsReady => _context.Board.IsReady;

    /// <inheritdoc/>
    public string? Fault => _context.Board.Fault;

    /// <inheritdoc/>
    public IReadOnlyList<PartitionStatus> Partitions => _context.Board.All;

    /// <inheritdoc/>
    public IReadOnlyList<EntityCount> Entities =>
        [.. _context.Entities.Types.Select(type => Count(type.Plan.Name, type.Directory))];

    /// <summary>The engine's and Akka's defaults.</summary>
    public static Config ReferenceConfig { get; } = ConfigurationFactory.FromResource<StreamingEngine>("Streaming.Engine.reference.conf");

    /// <summary>Starts an engine: makes topics that are missing, joins a cluster of one, starts regions and sources.</summary>
    /// <param name="config">The whole configuration, with <see cref="ReferenceConfig"/> as its fallback; Akka's part is used here.</param>
    /// <param name="settings">The engine's part, validated.</param>
    /// <param name="catalog">What is computed.</param>
    /// <param name="log">The event log.</param>
    /// <param name="registry">The schema registry.</param>
    /// <param name="time">The clock of waits and time-outs; features never see it.</param>
    /// <param name="cancellation">Ends the start.</param>
    /// <param name="loggers">Where the engine and Akka log, with entity keys masked; null for nowhere.</param>
    /// <exception cref="EngineStartException">The registry refuses the schema of dead letters, or a topic has no number of partitions.</exception>
    /// <exception cref="EventLogException">The log is away. Topics that are there keep the partitions that they have.</exception>
    public static async Task<StreamingEngine> StartAsync(
        Config config,
        EngineSettings settings,
        FeatureCatalog catalog,
        IEventLog log,
        ISchemaRegistry registry,
        TimeProvider time,
        CancellationToken cancellation,
        ILoggerFactory? loggers = null)
    {
        var plans = SourcePlan.For(catalog, settings.FutureTolerance, settings.RecordNames);
        RequireTopics(settings, plans);
        RequireSafeRemoting(settings, config);
        var partitions = await CreateTopicsAsync(log, settings, plans, cancellation);
        var deadLetters = new DeadLetterWriter(log, new ShippedSchemas(registry), time);
        var prepared = await deadLetters.PrepareAsync(cancellation);
        if (prepared is not RegistryResult<int>.Unavailable && ShippedSchemas.ReasonOf(prepared) is { } refusal)
        {
            throw new EngineStartException($"the schema of dead letters could not be registered: {refusal}");
        }

        var system = ActorSystem.Create("streaming", BootstrapSetup.Create().WithConfig(RemotingRules.Apply(settings.Remoting, config)).And(new EngineLogSetup(loggers?.CreateLogger("Akka"))));
        try
        {
            return await StartAsync(system, settings, catalog, plans, partitions, new Outside(log, registry, deadLetters, time), cancellation);
        }
        catch
        {
            await system.Terminate();
            throw;
        }
    }

    /// <inheritdoc/>
    public ReadOutcome TryRead(EntityReadPlan read, ReadOnlySpan<byte> key, long atMillis, EventBatch? request, int row, Span<FeatureValue> output) =>
        read.IsOptimistic ? StateOf(read.Entity, key).TryRead(read, atMillis, request, row, output) : ReadOutcome.NotHere;

    /// <inheritdoc/>
    public async ValueTask<ReadOutcome> ReadAsync(
        EntityReadPlan read, ReadOnlyMemory<byte> key, long atMillis, EventBatch? request, int row, Memory<FeatureValue> output, CancellationToken cancellation)
    {
        if (!_context.Entities[read.Entity].Directory.TryGet(key.Span, out var handle))
        {
            // Nothing was delivered to it: to ask would only make an actor, which its first event might race.
            return new EntityState(read.Entity).Read(read, atMillis, request, row, output.Span);
        }

        var query = new ReadEntity(read, atMillis, request, row, output);
        handle.Actor.Tell(query, ActorRefs.NoSender);
        try
        {
            return await query.Reply.WaitAsync(_context.Settings.ReadTimeout, _context.Time, cancellation);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException && !query.TryAbandon())
        {
            return await query.Reply;
        }
    }

    /// <summary>Stops sources, entities and the actor system, in this order; after it nothing uses log or registry.</summary>
    public async ValueTask DisposeAsync()
    {
        await CoordinatedShutdown.Get(System).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
        await System.WhenTerminated;
        _context.Outages.Dispose();
    }

    // Nothing was delivered to a key that is not here: its state is the empty one, as it is for whoever asks its first event's past.
    private EntityState StateOf(EntityPlan plan, ReadOnlySpan<byte> key)
    {
        var type = _context.Entities[plan];
        return type.Directory.TryGet(key, out var handle) ? handle.State : type.Empty;
    }

    private static EntityCount Count(string name, EntityDirectory directory)
    {
        var (count, bytes) = (0L, 0L);
        foreach (var handle in directory.Handles)
        {
            count++;
            bytes += handle.State.MemoryBytes;
        }

        return new EntityCount(name, count, bytes);
    }

    private static async Task<StreamingEngine> StartAsync(
        ActorSystem system,
        EngineSettings settings,
        FeatureCatalog catalog,
        ImmutableArray<SourcePlan> plans,
        ImmutableDictionary<string, int> partitions,
        Outside outside,
        CancellationToken cancellation)
    {
        var regions = new Dictionary<string, IActorRef>();
        var board = new SourceBoard();
        var sources = new SourceDirectory(board);
        var context = new EngineContext(
            settings,
            catalog,
            outside.Log,
            outside.Registry,
            outside.DeadLetters,
            board,
            new OutageNotes(system, settings.CommitInterval, outside.Time),
            sources,
            new SourceStarter(board, name => regions[name]),
            new EntityTable(catalog.Entities),
            outside.Time)
        {
            RegionOf = name => regions[name],
            Guard = system.ActorOf(EngineGuard.Props(board, sources), "guard"),
        };
        CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "stop-sources", () => StopSourcesAsync(context));
        system.RegisterOnTermination(() => board.Fail("the actor system has ended; restart the node"));
        await JoinAsync(system, cancellation);
        foreach (var entity in catalog.Entities)
        {
            regions[entity.Name] = await StartRegionAsync(system, context, entity, plans, partitions.Values.Max());
            context.Guard.Tell(new EngineGuard.Watch(regions[entity.Name], $"the shard region of {entity.Name}"), ActorRefs.NoSender);
        }

        var engine = new StreamingEngine(system, context, regions.ToFrozenDictionary());
        foreach (var plan in plans)
        {
            context.Starter.Ensure(plan, partitions[plan.Source.Name]);
        }

        return engine;
    }

    private static async Task<Akka.Done> StopSourcesAsync(EngineContext context)
    {
        context.Board.Fail("the engine was stopped; restart the node");
        await context.Sources.StopAsync(s_stopTimeout);
        return Akka.Done.Instance;
    }

    private static void RequireTopics(EngineSettings settings, ImmutableArray<SourcePlan> plans)
    {
        if (plans.IsEmpty)
        {
            throw new EngineStartException("no feature view is declared, so there is nothing to compute; write one to schemas/features");
        }

        var missing = plans.Select(p => p.Source.Name).Append(EventSchemas.DeadLetters).Where(topic => !settings.Partitions.ContainsKey(topic));
        if (string.Join(", ", missing) is { Length: > 0 } topics)
        {
            throw new EngineStartException($"streaming.engine.partitions does not say how many partitions {topics} has; add it");
        }
    }

    private static void RequireSafeRemoting(EngineSettings settings, Config config)
    {
        if (string.Join("; ", RemotingRules.Faults(settings.Remoting, config).Select(fault => $"{fault.Key} {fault.Fault}")) is { Length: > 0 } faults)
        {
            throw new EngineStartException(faults);
        }
    }

    private static async Task<ImmutableDictionary<string, int>> CreateTopicsAsync(
        IEventLog log, EngineSettings settings, ImmutableArray<SourcePlan> plans, CancellationToken cancellation)
    {
        var partitions = ImmutableDictionary.CreateBuilder<string, int>();
        foreach (var (topic, count) in settings.Partitions)
        {
            var description = await log.DescribeTopicAsync(topic, cancellation) ?? await log.CreateTopicAsync(topic, count, cancellation);
            if (plans.Any(p => p.Source.Name == topic))
            {
                partitions[topic] = description.Partitions;
            }
        }

        return partitions.ToImmutable();
    }

    private static async Task JoinAsync(ActorSystem system, CancellationToken cancellation)
    {
        var cluster = Akka.Cluster.Cluster.Get(system);
        await cluster.JoinAsync(cluster.SelfAddress, cancellation);
    }

    private static Task<IActorRef> StartRegionAsync(
        ActorSystem system, EngineContext context, EntityPlan entity, ImmutableArray<SourcePlan> plans, int shards) =>
        ClusterSharding.Get(system).StartAsync(
            typeName: entity.Name,
            entityPropsFactory: id => EntityMessageExtractor.SourceOf(id) is { } source
                ? PartitionSourceActor.Props(context, plans.First(p => p.Source.Name == source.Topic), source.Partition)
                : EntityActor.Props(entity, context.Entities[entity].Directory, context.Sources, id),
            settings: ClusterShardingSettings.Create(system),
            messageExtractor: new EntityMessageExtractor(shards));

    private sealed record Outside(IEventLog Log, ISchemaRegistry Registry, DeadLetterWriter DeadLetters, TimeProvider Time);
}
