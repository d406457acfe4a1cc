namespace Streaming.Engine.Checkpoints;

/// <summary>A position in a partition, with what is needed to go on from it.</summary>
/// <param name="Offset">All events before it are covered.</param>
/// <param name="WatermarkMillis">The newest event time before it, as events claim it.</param>
/// <param name="NewestByClockMillis">
/// The newest event time before it of those that were not ahead of the node's clock: the default time of reads.
/// </param>
internal readonly record struct PartitionMark(long Offset, long WatermarkMillis, long NewestByClockMillis);
