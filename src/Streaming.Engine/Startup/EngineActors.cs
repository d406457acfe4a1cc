using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Streaming.Engine.Deliveries;
using Streaming.Engine.Regions;
using Streaming.Engine.Remoting;
using Streaming.Engine.Sources;

namespace Streaming.Engine.Startup;

/// <summary>The actor system of an engine: it starts and ends with the host that it is added to.</summary>
/// <param name="config">The whole configuration.</param>
/// <param name="settings">The engine's part.</param>
/// <param name="plans">What is done with the events of each topic.</param>
/// <param name="partitions">The partitions of each topic that has a plan.</param>
/// <param name="clients">The external services.</param>
/// <param name="entities">The entities in this process.</param>
/// <param name="board">Takes the statuses of the sources.</param>
/// <param name="time">The clock.</param>
internal sealed class EngineActors(
    Config config,
    EngineSettings settings,
    ImmutableArray<SourcePlan> plans,
    ImmutableDictionary<string, int> partitions,
    SourceClients clients,
    EntityTable entities,
    SourceBoard board,
    TimeProvider time)
{
    /// <summary>As <see cref="StreamingEngine.AddTo"/>.</summary>
    public void AddTo(IServiceCollection services) => services.AddAkka("streaming", builder => builder
        .AddHocon(RemotingRules.Apply(settings.Remoting, config), HoconAddMode.Prepend)
        .WithActors((system, _) => StartAsync(system)));

    private async Task StartAsync(ActorSystem system)
    {
        var sources = new SourceDirectory(board);
        var outages = new OutageLog(system, settings.CommitInterval, time);
        system.RegisterOnTermination(outages.Dispose);
        var guard = system.ActorOf(EngineGuard.Props(board, sources), "guard");
        var starter = new SourceStarter(board, name => EntityRegions.Find(system, name));
        var factory = new SourceFactory(
            settings,
            clients,
            new SourceServices(board, outages, sources, starter, guard),
            feed => (entities[feed.Entity].Directory, EntityRegions.Find(system, feed.Entity.Name)),
            time);
        var regions = new EntityRegions(system, plans, factory, sources, shards: partitions.Values.Max());
        var started = new ConcurrentQueue<IActorRef>();
        EngineShutdown.Register(system, board, sources, () => started);
        var cluster = Akka.Cluster.Cluster.Get(system);
        await cluster.JoinAsync(cluster.SelfAddress);
        foreach (var type in entities.Types)
        {
            var region = await regions.StartAsync(type);
            started.Enqueue(region);
            guard.Tell(new EngineGuard.Watch(region, $"the shard region of {type.Plan.Name}"), ActorRefs.NoSender);
        }

        foreach (var plan in plans)
        {
            starter.Ensure(plan, partitions[plan.Source.Name]);
        }
    }
}
