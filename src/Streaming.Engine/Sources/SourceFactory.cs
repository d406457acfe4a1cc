using Akka.Actor;
using Streaming.Engine.Deliveries;
using Streaming.Features.Plans;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>Builds the sources of one engine, each from the parts that it uses.</summary>
/// <param name="settings">The engine's settings.</param>
/// <param name="clients">The external services.</param>
/// <param name="services">What sources share.</param>
/// <param name="targetOf">Where a feed's deliveries go: the entities in this process, and the region of all.</param>
/// <param name="time">The clock.</param>
internal sealed class SourceFactory(
    EngineSettings settings,
    SourceClients clients,
    SourceServices services,
    Func<EntityFeed, (EntityDirectory Directory, IActorRef Region)> targetOf,
    TimeProvider time)
{
    private readonly DecoderCache _decoders = new();

    /// <summary>The props of a partition's source. A restarted source gets new parts.</summary>
    public Props Props(SourcePlan plan, int partition) => Akka.Actor.Props.CreateBy(new Producer(this, plan, partition));

    /// <summary>The decoders of a partition's schema ids.</summary>
    public SchemaDecoders Schemas(SourcePlan plan, KnownSchemas known) =>
        new(plan, clients.Registry, _decoders, known, settings.UnknownSchemaWait, time);

    private PartitionSourceActor Create(SourcePlan plan, int number)
    {
        var partition = new TopicPartition(plan.Source.Name, number);
        var offsets = new SourceOffsets(clients.Log, settings.ConsumerGroup, plan.Fingerprint, partition, time);
        var schemas = Schemas(plan, offsets.Schemas);
        var parts = new RunParts(
            settings,
            clients.Log,
            clients.DeadLetters,
            new ReadDecoder(plan, number, schemas, time),
            schemas,
            [.. plan.Feeds.Select(Router)],
            time);
        return new PartitionSourceActor(plan, partition, settings, clients.Log, parts, offsets, services, time);
    }

    private FeedRouter Router(EntityFeed feed)
    {
        var (directory, region) = targetOf(feed);
        return new FeedRouter(feed, directory, region, settings.DirectDelivery);
    }

    private sealed class Producer(SourceFactory factory, SourcePlan plan, int partition) : IIndirectActorProducer
    {
        public Type ActorType => typeof(PartitionSourceActor);

        public ActorBase Produce() => factory.Create(plan, partition);

        public void Release(ActorBase actor)
        {
        }
    }
}
