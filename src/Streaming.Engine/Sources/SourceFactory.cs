using System.Collections.Immutable;
using Akka.Actor;
using Streaming.Engine.Checkpoints;
using Streaming.Engine.Deliveries;
using Streaming.Features.Plans;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>Builds the sources of one engine, each from the parts that it uses.</summary>
/// <param name="settings">The engine's settings.</param>
/// <param name="clients">The external services.</param>
/// <param name="services">What sources share.</param>
/// <param name="targetOf">Where a feed's deliveries go: their type, and its region.</param>
/// <param name="residency">What this node has in memory.</param>
/// <param name="time">The clock.</param>
internal sealed class SourceFactory(
    EngineSettings settings,
    SourceClients clients,
    SourceServices services,
    Func<EntityFeed, (EntityType Type, IActorRef Region)> targetOf,
    Residency residency,
    TimeProvider time)
{
    private readonly DecoderCache _decoders = new();
    private readonly SettledEvents _settled = new(clients.Log);

    /// <summary>The props of a partition's source. A restarted source gets new parts.</summary>
    public Props Props(SourcePlan plan, int partition) =>
        Akka.Actor.Props.CreateBy(new Producer(this, services, plan, new TopicPartition(plan.Source.Name, partition)));

    /// <summary>The decoders of a partition's schema ids.</summary>
    public SchemaDecoders Schemas(SourcePlan plan, KnownSchemas known) =>
        new(plan, clients.Registry, _decoders, known, settings.UnknownSchemaWait, time);

    private SourceOffsets Offsets(SourcePlan plan, TopicPartition partition) =>
        new(clients, settings.ConsumerGroup, plan.Fingerprint, partition);

    private SourceParts Parts(SourcePlan plan, TopicPartition partition, KnownSchemas known)
    {
        var schemas = Schemas(plan, known);
        var decoder = new ReadDecoder(plan, partition.Partition, schemas, time);
        ImmutableArray<ShardWord> shards = [.. plan.Feeds.SelectMany(feed => targetOf(feed).Type.Words).Distinct()];
        var looks = new SourceShards(shards, partition);
        var routers = plan.Feeds.Select(feed => Router(feed, looks.TrimOffset));
        return new SourceParts(
            settings, clients.Log, _settled, clients.DeadLetters, decoder, schemas, [.. routers], shards, residency, time)
        {
            BeginsAt = clients.BeginsAt(partition),
        };
    }

    private FeedRouter Router(EntityFeed feed, Func<RunBasis, long> trimOffset)
    {
        var (type, region) = targetOf(feed);
        return new FeedRouter(feed, type.Directory, region, settings, trimOffset);
    }

    private sealed class Producer(SourceFactory factory, SourceServices services, SourcePlan plan, TopicPartition partition)
        : IIndirectActorProducer
    {
        public Type ActorType => typeof(PartitionSourceActor);

        public ActorBase Produce()
        {
            var offsets = factory.Offsets(plan, partition);
            return new PartitionSourceActor(plan, partition, factory.Parts(plan, partition, offsets.Schemas), offsets, services);
        }

        public void Release(ActorBase actor)
        {
        }
    }
}
