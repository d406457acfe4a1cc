using Streaming.Contracts.Registry;
using Streaming.Ingest.DeadLetters;
using Streaming.Log;
using Streaming.Persistence.Redis.Slots;

namespace Streaming.Engine.Sources;

/// <summary>The external services of sources.</summary>
internal sealed record SourceClients(IEventLog Log, ISchemaRegistry Registry, DeadLetterWriter DeadLetters, IShardSlots Slots);
