using Streaming.Log;

namespace Streaming.Engine.Checkpoints;

/// <summary>How far a run of a source has come.</summary>
/// <param name="Partition">The partition that it reads.</param>
/// <param name="Confirmed">All between the run's start and this mark is applied by every entity that it concerns.</param>
/// <param name="Basis">The shards that it feeds, as they were when it began.</param>
internal sealed record RunProgress(TopicPartition Partition, PartitionMark Confirmed, RunBasis Basis);
