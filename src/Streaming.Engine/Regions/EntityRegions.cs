using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Streaming.Engine.Deliveries;
using Streaming.Engine.Entities;
using Streaming.Engine.Shards;
using Streaming.Engine.Sources;
using Streaming.Log;

namespace Streaming.Engine.Regions;

/// <summary>
/// The shard regions of an engine: one for each entity type, with the keepers of its shards, and one for all sources.
/// </summary>
internal sealed class EntityRegions(
    ActorSystem system, ImmutableArray<SourcePlan> plans, SourceFactory sources, KeeperParts keepers, IEntityLossListener losses)
{
    /// <summary>The type name of sources; no entity type can have it.</summary>
    public const string Sources = "partition-sources";

    /// <summary>The region of an entity type, from Akka's own list of started regions.</summary>
    /// <exception cref="ArgumentException">The region is not started.</exception>
    public static IActorRef Find(ActorSystem system, string entityType) => ClusterSharding.Get(system).ShardRegion(entityType);

    /// <summary>Starts the region of an entity type. Start all of them before the sources, which deliver to several.</summary>
    public Task<IActorRef> StartAsync(EntityType type)
    {
        var entity = EntityActor.Props(type, losses);
        return ClusterSharding.Get(system).StartAsync(
            typeName: type.Plan.Name,
            entityPropsFactory: id => EntityMessageExtractor.KeeperOf(id) is { } shard
                ? ShardKeeper.Props(type.Shards[shard], keepers)
                : EntityMessageExtractor.BundlesOf(id) is not null ? BundleActor.Props
                : entity,
            settings: ClusterShardingSettings.Create(system),
            messageExtractor: new EntityMessageExtractor(type.Shards.Length));
    }

    /// <summary>Starts the region of all sources; after those of the entity types.</summary>
    public Task<IActorRef> StartSourcesAsync() =>
        ClusterSharding.Get(system).StartAsync(
            typeName: Sources,
            entityPropsFactory: id => PropsOf(SourceMessageExtractor.PartitionOf(id)),
            settings: ClusterShardingSettings.Create(system),
            messageExtractor: new SourceMessageExtractor());

    private Props PropsOf(TopicPartition source) =>
        sources.Props(plans.First(plan => plan.Source.Name == source.Topic), source.Partition);
}
