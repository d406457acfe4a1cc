using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Streaming.Engine.Checkpoints;
using Streaming.Engine.Deliveries;
using Streaming.Engine.Entities;
using Streaming.Engine.Regions;
using Streaming.Engine.Remoting;
using Streaming.Engine.Shards;
using Streaming.Log;
using Streaming.Persistence.Redis.Slots;
using Streaming.Engine.Sources;
using Streaming.Engine.Wire;

namespace Streaming.Engine.Startup;

/// <summary>The actor system of an engine: it starts and ends with the host that it is added to.</summary>
/// <param name="config">The whole configuration.</param>
/// <param name="settings">The engine's part.</param>
/// <param name="plans">What is done with the events of each topic.</param>
/// <param name="topics">The topics that have a plan.</param>
/// <param name="clients">The external services.</param>
/// <param name="slots">The store of snapshots.</param>
/// <param name="generation">The generation of derived state that it goes on with.</param>
/// <param name="entities">The entities in this process.</param>
/// <param name="queries">The queries that have left this process.</param>
/// <param name="board">Takes the statuses of the sources.</param>
/// <param name="time">The clock.</param>
internal sealed class EngineActors(
    Config config,
    EngineSettings settings,
    ImmutableArray<SourcePlan> plans,
    ImmutableSortedDictionary<string, TopicDescription> topics,
    SourceClients clients,
    IShardSlots slots,
    long generation,
    EntityTable entities,
    OpenQueries queries,
    SourceBoard board,
    TimeProvider time)
{
    private static readonly TimeSpan s_retireWithin = TimeSpan.FromSeconds(10);

    private Func<Task>? _retire;

    /// <summary>As <see cref="StreamingEngine.RetireAsync"/>.</summary>
    public Task RetireAsync() => _retire?.Invoke() ?? Task.CompletedTask;

    /// <summary>As <see cref="StreamingEngine.AddTo"/>.</summary>
    public void AddTo(IServiceCollection services) => services.AddAkka("streaming", builder => builder
        .AddHocon(RemotingRules.Apply(settings.Remoting, config), HoconAddMode.Prepend)
        .AddSetup(new WireSetup([.. entities.Types.Select(type => type.Plan)], queries))
        .WithActors((system, _) => StartAsync(system)));

    private static Action<IActorRef, string> Watch(IActorRef guard) =>
        (part, name) => guard.Tell(new EngineGuard.Watch(part, name), ActorRefs.NoSender);

    private async Task RetireAsync(SourceDirectory sources, IEnumerable<IActorRef> regions)
    {
        await sources.StopAsync(s_retireWithin);
        await Task.WhenAll(regions.Select(region => region.GracefulStop(s_retireWithin)));
        foreach (var type in entities.Types)
        {
            type.Forget();
        }
    }

    private async Task StartAsync(ActorSystem system)
    {
        var sources = new SourceDirectory(board);
        var outages = new OutageLog(system, settings.CommitInterval, time);
        system.RegisterOnTermination(outages.Dispose);
        var guard = system.ActorOf(EngineGuard.Props(board, sources), "guard");
        var starter = new SourceStarter(board, () => EntityRegions.Find(system, EntityRegions.Sources));
        var factory = new SourceFactory(
            settings,
            clients,
            new SourceServices(board, outages, sources, starter),
            feed => (entities[feed.Entity], EntityRegions.Find(system, feed.Entity.Name)),
            entities.Residency,
            time);
        var turns = system.ActorOf(
            FlushTurns.Props(
                settings.CheckpointInterval, settings.DeliveryTimeout, () => board.IsCaughtUp, entities.Residency, board.ReportStore, time),
            "flush-turns");
        var (exchange, progress) = Exchange(system);
        void Announce() => exchange?.Tell(ShardExchange.Say.Instance);
        long Since() => board.RememberSince(settings.ForgetAfter);
        var keepers = new KeeperParts(slots, generation, settings.RetryBackoff, turns, progress, Since, Announce, sources, Watch(guard));
        system.ActorOf(QueryAnswers.Props(queries), "query-answers");
        system.ActorOf(MissedMessages.Props(entities, sources), "missed-messages");
        var regions = new EntityRegions(system, plans, factory, keepers, sources);
        var started = new ConcurrentQueue<IActorRef>();
        EngineShutdown.Register(system, board, sources, (exchange, turns), () => started);
        _retire = () => RetireAsync(sources, started);
        await StartRegionsAsync(system, regions, guard, started);
        foreach (var plan in plans)
        {
            starter.Ensure(plan, topics[plan.Source.Name].Partitions);
        }

        system.ActorOf(SourceKeepAlive.Props(starter, sources, board, settings.RetryBackoffMax), "source-keep-alive");
    }

    // Where deliveries go straight to entities, sources and keepers are in this process, and look at each other.
    private (IActorRef? Exchange, Func<IReadOnlyList<RunProgress>> Progress) Exchange(ActorSystem system)
    {
        if (settings.DirectDelivery)
        {
            return (null, board.Runs);
        }

        var heard = new ShardExchange.Heard();
        var exchange = system.ActorOf(ShardExchange.Props(entities, board, heard, settings.CommitInterval), "shard-exchange");
        return (exchange, () => [.. heard.Progress.Values]);
    }

    private async Task StartRegionsAsync(ActorSystem system, EntityRegions regions, IActorRef guard, ConcurrentQueue<IActorRef> started)
    {
        var cluster = Akka.Cluster.Cluster.Get(system);
        await cluster.JoinAsync(cluster.SelfAddress);
        foreach (var type in entities.Types)
        {
            var region = type.Region = await regions.StartAsync(type);
            started.Enqueue(region);
            foreach (var shard in type.Shards)
            {
                region.Tell(new ShardProtocol.Ensure(shard.Number), ActorRefs.NoSender);
            }

            Watch(guard)(region, $"the shard region of {type.Plan.Name}");
        }

        var ofSources = await regions.StartSourcesAsync();
        started.Enqueue(ofSources);
        Watch(guard)(ofSources, "the shard region of sources");
    }
}
