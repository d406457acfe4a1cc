using Streaming.Log;

namespace Streaming.Engine.Checkpoints;

/// <summary>
/// Which runs a shard takes deliveries of: those that began at or before what its slot vouches for. What they skipped is in the snapshots
/// that the shard's entities came from, or in entities that were there before. Together with the chain of offsets inside a run this is
/// why no event can be missing.
/// </summary>
internal static class Admission
{
    /// <summary>Whether a shard whose slot vouches for some marks takes deliveries of a run.</summary>
    public static bool Admits(Marks durable, TopicPartition partition, RunStart run) =>
        run.IsLogsBeginning || durable.Cover(partition, run.Offset);
}
