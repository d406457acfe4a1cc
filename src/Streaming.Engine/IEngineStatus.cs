namespace Streaming.Engine;

/// <summary>How far a running engine is: what health, metrics and the status page show. Thread-safe.</summary>
public interface IEngineStatus
{
    /// <summary>
    /// Whether everything that the log held when this node started is in its memory. An outage of the log does not take that away: answers
    /// grow old and say so. A lost entity does, until its events have been read again.
    /// </summary>
    bool IsReady { get; }

    /// <summary>
    /// What of the engine is gone for good, and that the node is to be restarted; null while all is there. Such a node is neither caught up
    /// nor ready nor live, and takes no events.
    /// </summary>
    string? Fault { get; }

    /// <summary>The partitions that this node reads.</summary>
    IReadOnlyList<PartitionStatus> Partitions { get; }

    /// <summary>Entities in this node's memory, by entity type.</summary>
    IReadOnlyList<EntityCount> Entities { get; }
}
