namespace Streaming.Engine;

/// <summary>What a partition source is doing.</summary>
public enum PartitionState
{
    /// <summary>Behind the log: at the start, and whenever it is further behind than the declared bounds.</summary>
    CatchingUp,

    /// <summary>As new as the log, within the declared bounds.</summary>
    Live,

    /// <summary>Waiting for something outside to come back; see <see cref="PartitionStatus.Reason"/>. Nothing is dropped.</summary>
    Paused,
}
