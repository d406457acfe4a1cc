using Streaming.Ingest.DeadLetters;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>What the runs of one source use, one after the other.</summary>
internal sealed record RunParts(
    EngineSettings Settings,
    IEventLog Log,
    DeadLetterWriter DeadLetters,
    ReadDecoder Decoder,
    SchemaDecoders Schemas,
    IReadOnlyList<FeedRouter> Routers,
    TimeProvider Time);
