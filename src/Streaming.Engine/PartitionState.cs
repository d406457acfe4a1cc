namespace Streaming.Engine;

/// <summary>What a partition source is doing.</summary>
public enum PartitionState
{
    /// <summary>Behind the log: at the start, and whenever it is further behind than the declared bounds.</summary>
    CatchingUp,

    /// <summary>Up to date with the log, within the declared bounds.</summary>
    Live,

    /// <summary>Waiting for a dependency to recover; see <see cref="PartitionStatus.Reason"/>. Nothing is dropped.</summary>
    Paused,
}
