using System.Collections.Immutable;
using Streaming.Engine.Remoting;

namespace Streaming.Engine;

/// <summary>How the engine runs; <c>streaming.engine</c> in <c>reference.conf</c> explains each key and holds its default.</summary>
public sealed record EngineSettings
{
    /// <summary>The most records of one read, while a source catches up.</summary>
    public required int RecordsPerRead { get; init; }

    /// <summary>Reads of one partition that may be on their way through the entities at a time.</summary>
    public required int ReadsInFlight { get; init; }

    /// <summary>How long entities may take to apply a read before its source begins a new run.</summary>
    public required TimeSpan DeliveryTimeout { get; init; }

    /// <summary>How long an entity may take to answer a read.</summary>
    public required TimeSpan ReadTimeout { get; init; }

    /// <summary>How long a shard or an entity may take to say its whole state to a command.</summary>
    public required TimeSpan StateTimeout { get; init; }

    /// <summary>The wait before an outage is tried again; doubles up to <see cref="RetryBackoffMax"/>.</summary>
    public required TimeSpan RetryBackoff { get; init; }

    /// <summary>The longest wait between two tries.</summary>
    public required TimeSpan RetryBackoffMax { get; init; }

    /// <summary>How long a partition waits for a schema id that the registry lacks, before its events become dead letters.</summary>
    public required TimeSpan UnknownSchemaWait { get; init; }

    /// <summary>
    /// How far an event's time may be ahead of its record's timestamp, and a scoring request's ahead of both the clock and the newest
    /// event. An event that is further ahead is a dead letter. Reads that name no time do not follow an event that is further ahead of
    /// this node's clock.
    /// </summary>
    public required TimeSpan FutureTolerance { get; init; }

    /// <summary>How many events a partition may be behind the log's end before answers are stale.</summary>
    public required int StaleEvents { get; init; }

    /// <summary>How long a partition may be behind a high watermark that it has seen before answers are stale.</summary>
    public required TimeSpan StaleAfter { get; init; }

    /// <summary>How often a source describes its partition and commits its offset.</summary>
    public required TimeSpan CommitInterval { get; init; }

    /// <summary>
    /// Shards of each entity type, the unit of ownership: each has a slot of its own in the store of snapshots. It stays the same for
    /// the life of that state.
    /// </summary>
    public required int Shards { get; init; }

    /// <summary>Whether to build all features from the log again, beside the snapshots that there are.</summary>
    public bool IsNewGeneration { get; init; }

    /// <summary>
    /// The generation to build, or to go on with, beside the one that answers, which stays that; null to go on with the one that answers.
    /// </summary>
    public long? Generation { get; init; }

    /// <summary>How often a shard writes the entities that have changed.</summary>
    public required TimeSpan CheckpointInterval { get; init; }

    /// <summary>
    /// The most entities in memory. Above it the least recently used ones leave, once their state is in the store; they come back when
    /// they are read or have an event.
    /// </summary>
    public required long MemoryEntitiesMax { get; init; }

    /// <summary>The most bytes of entities in memory, as <see cref="MemoryEntitiesMax"/>.</summary>
    public required long MemoryBytesMax { get; init; }

    /// <summary>
    /// How long an entity is not used until it rests: it stays in memory as its snapshot alone, without an actor, and comes back as one
    /// that has left does, without the store.
    /// </summary>
    public required TimeSpan RestAfter { get; init; }

    /// <summary>
    /// How long an entity is remembered, by event time, once its state can matter no more: its windows are empty, and no event that may
    /// come can tell. Then it goes from memory and from the store.
    /// </summary>
    public required TimeSpan ForgetAfter { get; init; }

    /// <summary>The consumer group whose offsets are committed, and what the names of the engine's other groups begin with.</summary>
    public required string ConsumerGroup { get; init; }

    /// <summary>Whether other nodes can reach this one.</summary>
    public required RemotingMode Remoting { get; init; }

    /// <summary>Whether deliveries go directly to the actors of entities in this process; otherwise always through the region.</summary>
    public required bool DirectDelivery { get; init; }

    /// <summary>The most bytes of events in one message that may go to another node.</summary>
    public required int FrameBytes { get; init; }

    /// <summary>By topic, the names besides the schema's own that a writer's record may have.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>> RecordNames { get; init; } =
        ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty;

    /// <summary>Partitions of each topic that the engine creates when it is missing.</summary>
    public required ImmutableSortedDictionary<string, int> Partitions { get; init; }
}
