using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Streaming.Engine.Deliveries;
using Streaming.Engine.Entities;
using Streaming.Engine.Shards;
using Streaming.Engine.Sources;

namespace Streaming.Engine.Regions;

/// <summary>
/// The shard regions of an engine, one for each entity type. A region also hosts the sources of the topics that feed its type first.
/// </summary>
internal sealed class EntityRegions(
    ActorSystem system, ImmutableArray<SourcePlan> plans, SourceFactory sources, KeeperParts keepers, IEntityLossListener losses)
{
    /// <summary>The region of an entity type, from Akka's own list of started regions.</summary>
    /// <exception cref="ArgumentException">The region is not started.</exception>
    public static IActorRef Find(ActorSystem system, string entityType) => ClusterSharding.Get(system).ShardRegion(entityType);

    /// <summary>Starts the region of an entity type. Start all of them before a source, which delivers to several.</summary>
    public Task<IActorRef> StartAsync(EntityType type) =>
        ClusterSharding.Get(system).StartAsync(
            typeName: type.Plan.Name,
            entityPropsFactory: id => EntityMessageExtractor.SourceOf(id) is { } source
                ? sources.Props(plans.First(plan => plan.Source.Name == source.Topic), source.Partition)
                : EntityMessageExtractor.KeeperOf(id) is { } shard
                ? ShardKeeper.Props(type.Shards[shard], keepers)
                : EntityActor.Props(type, losses, EntityMessageExtractor.KeyOf(id)),
            settings: ClusterShardingSettings.Create(system),
            messageExtractor: new EntityMessageExtractor(type.Shards.Length));
}
