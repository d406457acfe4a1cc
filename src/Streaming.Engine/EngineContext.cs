using Akka.Actor;
using Streaming.Contracts.Registry;
using Streaming.Engine.Entities;
using Streaming.Engine.Sources;
using Streaming.Features.Plans;
using Streaming.Ingest.DeadLetters;
using Streaming.Log;

namespace Streaming.Engine;

/// <summary>What the actors of one engine share; made before any of them.</summary>
internal sealed record EngineContext(
    EngineSettings Settings,
    FeatureCatalog Catalog,
    IEventLog Log,
    ISchemaRegistry Registry,
    DeadLetterWriter DeadLetters,
    SourceBoard Board,
    OutageNotes Outages,
    SourceDirectory Sources,
    SourceStarter Starter,
    EntityTable Entities,
    TimeProvider Time)
{
    /// <summary>Who watches the parts of the engine.</summary>
    public IActorRef Guard { get; init; } = ActorRefs.Nobody;

    /// <summary>The decoders that the sources share.</summary>
    public DecoderCache Decoders { get; } = new();

    /// <summary>The shard region of an entity type. Known once all regions are started, before any source is.</summary>
    public required Func<string, IActorRef> RegionOf { get; init; }
}
