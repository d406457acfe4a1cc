namespace Streaming.Log.Embedded;

/// <summary>What retention did to a partition.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="FirstOffset">The first retained offset now.</param>
/// <param name="Deleted">Offsets that were deleted.</param>
/// <param name="IsHeld">Whether the limits ask for more, which somebody still needs.</param>
public sealed record PartitionRetention(TopicPartition Partition, long FirstOffset, long Deleted, bool IsHeld);
