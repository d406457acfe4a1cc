using Streaming.Engine.Deliveries;

namespace Streaming.Engine.Sources;

/// <summary>What entities say that ends a run, in words.</summary>
internal static class RunFaults
{
    /// <summary>Why a message ends the newest run; null if it does not.</summary>
    public static string? Of(object message, SourceRuns runs) => message switch
    {
        DeliveryGap gap when runs.IsNewest(gap.Run) =>
            $"{gap.Entity} has applied offset {gap.AppliedOffset} where {gap.PreviousOffset} was delivered",
        RunNotAdmitted refused when runs.IsNewest(refused.Run) =>
            $"the shard of {refused.Entity} was opened again, or has lost events, since the run began",
        EntityLost lost => $"{lost.Entity} has lost its state",
        _ => null,
    };
}
