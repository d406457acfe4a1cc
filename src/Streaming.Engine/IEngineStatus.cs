namespace Streaming.Engine;

/// <summary>The status of a running engine, for health checks, metrics and the status page. Thread-safe.</summary>
public interface IEngineStatus
{
    /// <summary>
    /// Whether everything that the log held when this node started is in its memory. An outage of the log does not change that: answers
    /// become stale and say so. A lost entity does, until its events have been read again.
    /// </summary>
    bool IsReady { get; }

    /// <summary>
    /// Why the engine has failed for good and the node must be restarted; null while it runs. Such a node is neither caught up nor ready
    /// nor live, and takes no events.
    /// </summary>
    string? Fault { get; }

    /// <summary>
    /// Why the store of snapshots does not work, in one line; null while it does. Features go on from memory meanwhile, and what a restart
    /// reads again grows.
    /// </summary>
    string? StoreFault { get; }

    /// <summary>The partitions that this node reads.</summary>
    IReadOnlyList<PartitionStatus> Partitions { get; }

    /// <summary>The checkpoints of each shard, by entity type and number.</summary>
    IReadOnlyList<ShardStatus> Shards { get; }

    /// <summary>Entities in this node's memory, by entity type.</summary>
    IReadOnlyList<EntityCount> Entities { get; }

    /// <summary>What this node has in memory, against its ceiling.</summary>
    EntityMemory Memory { get; }
}
