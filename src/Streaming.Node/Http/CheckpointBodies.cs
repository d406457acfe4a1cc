using Streaming.Engine;

namespace Streaming.Node.Http;

/// <summary>The checkpoints of an entity type.</summary>
/// <param name="Entity">Its name.</param>
/// <param name="AgeSeconds">Of the shard that is furthest behind; null while one has not flushed since the start.</param>
/// <param name="Entities">Snapshots written since the start.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Dirty">Entities that have changed since their last snapshot.</param>
/// <param name="Shards">Each shard.</param>
internal sealed record CheckpointBody(string Entity, double? AgeSeconds, long Entities, long Bytes, long Dirty, ShardBody[] Shards)
{
    public static CheckpointBody[] Of(IReadOnlyList<ShardStatus> shards) =>
    [
        .. shards.GroupBy(static shard => shard.Entity).Select(static type => new CheckpointBody(
            type.Key,
            type.Any(static shard => shard.Age is null) ? null : type.Max(static shard => shard.Age)?.TotalSeconds,
            type.Sum(static shard => shard.Entities),
            type.Sum(static shard => shard.Bytes),
            type.Sum(static shard => (long)shard.Dirty),
            [.. type.Select(ShardBody.Of)])),
    ];
}

/// <summary>The checkpoints of a shard.</summary>
/// <param name="Shard">Its number.</param>
/// <param name="Open">Whether its slot is taken.</param>
/// <param name="Flush">The number of the manifest that the slot has.</param>
/// <param name="AgeSeconds">How long ago the slot had all that was confirmed; null before the first flush since the start.</param>
/// <param name="DurationSeconds">How long the last flush took that had something to write; null before it.</param>
/// <param name="Entities">Snapshots written since the start.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Dirty">Entities that have changed since their last snapshot.</param>
internal sealed record ShardBody(
    int Shard, bool Open, long Flush, double? AgeSeconds, double? DurationSeconds, long Entities, long Bytes, int Dirty)
{
    public static ShardBody Of(ShardStatus shard) => new(
        shard.Shard,
        shard.IsOpen,
        shard.Flush,
        shard.Age?.TotalSeconds,
        shard.Duration?.TotalSeconds,
        shard.Entities,
        shard.Bytes,
        shard.Dirty);
}
