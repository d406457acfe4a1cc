using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Microsoft.Extensions.Logging;
using Streaming.Contracts.Registry;
using Streaming.Engine.Deliveries;
using Streaming.Engine.Entities;
using Streaming.Engine.Logging;
using Streaming.Engine.Regions;
using Streaming.Engine.Remoting;
using Streaming.Engine.Sources;
using Streaming.Features.Plans;
using Streaming.Ingest;
using Streaming.Ingest.DeadLetters;
using Streaming.Log;

namespace Streaming.Engine.Startup;

/// <summary>Starts an engine: checks what it needs, creates topics, starts the actor system, and builds its parts.</summary>
internal sealed class EngineStart(
    EngineSettings settings, FeatureCatalog catalog, IEventLog log, ISchemaRegistry registry, TimeProvider time)
{
    private readonly SourceBoard _board = new();
    private readonly EntityTable _entities = new(catalog.Entities);
    private readonly ImmutableArray<SourcePlan> _plans = SourcePlan.For(catalog, settings.FutureTolerance, settings.RecordNames);

    /// <summary>As <see cref="StreamingEngine.StartAsync"/>.</summary>
    public async Task<StreamingEngine> RunAsync(Config config, ILoggerFactory? loggers, CancellationToken cancellation)
    {
        StartRequirements.Topics(settings, _plans);
        StartRequirements.SafeRemoting(settings, config);
        var partitions = await SourceTopics.CreateAsync(log, settings, _plans, cancellation);
        var deadLetters = new DeadLetterWriter(log, new ShippedSchemas(registry), time);
        await StartRequirements.DeadLettersAsync(deadLetters, cancellation);
        var setup = BootstrapSetup.Create()
            .WithConfig(RemotingRules.Apply(settings.Remoting, config))
            .And(new EngineLogSetup(loggers?.CreateLogger("Akka")));
        var system = ActorSystem.Create("streaming", setup);
        try
        {
            return await StartAsync(system, deadLetters, partitions, cancellation);
        }
        catch
        {
            await system.Terminate();
            throw;
        }
    }

    private async Task<StreamingEngine> StartAsync(
        ActorSystem system, DeadLetterWriter deadLetters, ImmutableDictionary<string, int> partitions, CancellationToken cancellation)
    {
        var sources = new SourceDirectory(_board);
        var outages = new OutageLog(system, settings.CommitInterval, time);
        var guard = system.ActorOf(EngineGuard.Props(_board, sources), "guard");
        var starter = new SourceStarter(_board, name => EntityRegions.Find(system, name));
        var factory = new SourceFactory(
            settings,
            new SourceClients(log, registry, deadLetters),
            new SourceServices(_board, outages, sources, starter, guard),
            feed => (_entities[feed.Entity].Directory, EntityRegions.Find(system, feed.Entity.Name)),
            time);
        var regions = new EntityRegions(system, _plans, factory, sources, shards: partitions.Values.Max());
        EngineShutdown.Register(system, _board, sources);
        await JoinAsync(system, cancellation);
        foreach (var type in _entities.Types)
        {
            var region = await regions.StartAsync(type);
            guard.Tell(new EngineGuard.Watch(region, $"the shard region of {type.Plan.Name}"), ActorRefs.NoSender);
        }

        var engine = new StreamingEngine(system, catalog, _board, new EntityReader(_entities, settings.ReadTimeout, time), outages);
        foreach (var plan in _plans)
        {
            starter.Ensure(plan, partitions[plan.Source.Name]);
        }

        return engine;
    }

    private static async Task JoinAsync(ActorSystem system, CancellationToken cancellation)
    {
        var cluster = Akka.Cluster.Cluster.Get(system);
        await cluster.JoinAsync(cluster.SelfAddress, cancellation);
    }
}
