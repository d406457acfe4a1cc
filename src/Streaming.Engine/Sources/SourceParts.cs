using Streaming.Engine.Deliveries;
using Streaming.Ingest.DeadLetters;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>What one source and its runs use, one run after the other.</summary>
internal sealed record SourceParts(
    EngineSettings Settings,
    IEventLog Log,
    SettledEvents Settled,
    DeadLetterWriter DeadLetters,
    ReadDecoder Decoder,
    SchemaDecoders Schemas,
    IReadOnlyList<FeedRouter> Routers,
    IReadOnlyList<ShardWord> Shards,
    Residency Residency,
    TimeProvider Time)
{
    /// <summary>Where the generation begins in the partition.</summary>
    public long BeginsAt { get; init; }
}
