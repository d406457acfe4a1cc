using Streaming.Log;

namespace Streaming.Engine.Checkpoints;

/// <summary>
/// Which runs a shard takes deliveries and confirmed offsets of: those that began when it was what it is now. Such a run skipped only
/// what the shard's slot vouched for. What it delivered since is in the shard's entities, or in its snapshots. Together with the chain of
/// offsets inside a run this is why no event can be missing, whatever a message brings late, twice, or not at all.
/// </summary>
internal static class Admission
{
    /// <summary>Whether a shard takes deliveries of a run.</summary>
    /// <param name="shard">The shard now.</param>
    /// <param name="partition">The run's partition.</param>
    /// <param name="run">The shard when the run began; null where the run does not know it.</param>
    public static bool Admits(ShardVouch shard, TopicPartition partition, ShardStamp? run) => shard.Stamp(partition) == run;

    /// <summary>
    /// What a shard may vouch for of what runs have confirmed. Asked when its entities are written: a loss meanwhile counts, too.
    /// </summary>
    public static Marks Accepted(ShardVouch shard, string type, int number, IEnumerable<RunProgress> confirmed) => Marks.Of(confirmed
        .Where(run => Admits(shard, run.Partition, run.Basis[type, number]))
        .Select(static run => KeyValuePair.Create(run.Partition, run.Confirmed)));
}
