using Streaming.Persistence.Redis.Slots;

namespace Streaming.Engine.Checkpoints;

/// <summary>
/// A shard, as it is for the events of one partition. It is another one when the shard is opened again, and when the shard loses events
/// of the partition that no snapshot has: what a run delivered to it before may be nowhere in it now.
/// </summary>
/// <param name="Token">The token that its keeper has taken.</param>
/// <param name="Losses">Counts the losses since then.</param>
internal readonly record struct ShardStamp(SlotToken Token, long Losses);
