using System.Collections.Immutable;

namespace Streaming.Log;

/// <summary>How much a log holds.</summary>
/// <param name="DiskBytes">Its files on this machine; null where the log is elsewhere.</param>
/// <param name="FreeBytes">What of them is free for the next records; null where the log is elsewhere.</param>
/// <param name="Partitions">Each partition, by topic and number.</param>
public sealed record LogSize(long? DiskBytes, long? FreeBytes, ImmutableArray<PartitionSize> Partitions);
