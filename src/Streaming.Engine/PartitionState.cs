namespace Streaming.Engine;

/// <summary>What a partition source is doing.</summary>
public enum PartitionState
{
    /// <summary>Reading what was there when the node started.</summary>
    CatchingUp,

    /// <summary>Reading events as they arrive.</summary>
    Live,

    /// <summary>Waiting for something outside to come back; see <see cref="PartitionStatus.Reason"/>. Nothing is dropped.</summary>
    Paused,
}
