namespace Streaming.Engine;

/// <summary>The entities in this node's memory, against their ceiling.</summary>
/// <param name="Entities">Entities in memory.</param>
/// <param name="EntitiesMax">The ceiling of their number.</param>
/// <param name="Bytes">Bytes that they take, estimated, as seen at the last checkpoint of each shard.</param>
/// <param name="BytesMax">The ceiling of their bytes.</param>
/// <param name="Left">Entities that have left memory since the start.</param>
/// <param name="Recalled">Entities that came back from the store since the start.</param>
/// <param name="Forgotten">Entities that were forgotten since the start, in memory and in the store.</param>
/// <param name="WaitingSources">Partitions that wait for room.</param>
public sealed record EntityMemory(
    long Entities, long EntitiesMax, long Bytes, long BytesMax, long Left, long Recalled, long Forgotten, int WaitingSources);
