namespace Streaming.Engine;

/// <summary>The checkpoints of one shard.</summary>
/// <param name="Entity">The entity type.</param>
/// <param name="Shard">Its number.</param>
/// <param name="IsOpen">Whether its slot is taken.</param>
/// <param name="Flush">The number of the manifest that the slot has; 0 for none.</param>
/// <param name="Age">How long ago the slot had all that was confirmed; null before the first flush since the start.</param>
/// <param name="Duration">How long the last flush took that had something to write; null before it.</param>
/// <param name="Entities">Snapshots written since the node started.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Dirty">Entities that have changed, those of the flush that runs not counted.</param>
public sealed record ShardStatus(
    string Entity, int Shard, bool IsOpen, long Flush, TimeSpan? Age, TimeSpan? Duration, long Entities, long Bytes, int Dirty);
