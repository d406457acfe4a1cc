using Streaming.Contracts.Registry;
using Streaming.Ingest.DeadLetters;
using Streaming.Log;
using Streaming.Persistence.Redis.Slots;

namespace Streaming.Engine.Sources;

/// <summary>The external services of sources.</summary>
internal sealed record SourceClients(IEventLog Log, ISchemaRegistry Registry, DeadLetterWriter DeadLetters, IShardSlots Slots)
{
    /// <summary>The generation that is built or goes on: its sources keep their ledgers under it.</summary>
    public long Generation { get; init; }

    /// <summary>The generation that it was begun to replace, whose ledgers it begins with; null for none.</summary>
    public long? Replaces { get; init; }

    /// <summary>Where the generation begins in a partition: what is before that offset does not exist for it.</summary>
    public Func<TopicPartition, long> BeginsAt { get; init; } = static _ => 0;
}
