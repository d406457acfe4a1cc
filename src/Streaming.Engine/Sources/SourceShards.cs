using Streaming.Engine.Checkpoints;
using Streaming.Engine.Deliveries;
using Streaming.Engine.Shards;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>The shards that a source's partition feeds: where a run may begin, and whether one may go on.</summary>
internal sealed class SourceShards(IReadOnlyList<Shard> shards, TopicPartition partition)
{
    /// <summary>Does something when all are open: until then it is not known where to begin.</summary>
    public async Task<T> WhenOpenAsync<T>(Func<Task<T>> next, CancellationToken cancellation)
    {
        await Task.WhenAll(shards.Select(shard => shard.OpenedAsync())).WaitAsync(cancellation);
        return await next();
    }

    /// <summary>The restart point now; null for the log's beginning.</summary>
    public PartitionMark? RestartPoint() => Checkpoints.RestartPoint.Of(partition, shards.Select(shard => shard.Durable));

    /// <summary>Whether a shard that has opened refuses a run that began here.</summary>
    public bool Refuse(ShardProtocol.ShardOpened opened, RunStart start) =>
        shards.Any(shard => shard.Plan.Name == opened.Type && shard.Number == opened.Shard)
        && !Admission.Admits(opened.Durable, partition, start);

    /// <summary>Why no run can begin; null if one can.</summary>
    /// <param name="first">The partition when the first run of this process began; null before that.</param>
    /// <param name="now">The partition now.</param>
    /// <param name="restart">The restart point.</param>
    public static string? Fault(SourceProtocol.Ready? first, SourceProtocol.Ready now, PartitionMark? restart)
    {
        if (first is not null && first.TopicIdentity != now.TopicIdentity)
        {
            return "the topic was deleted and created again since this node started: restore the old topic, or restart the node with "
                + "--new-generation to build all features from the new one";
        }

        return restart is { } mark && mark.Offset > now.EndOffset
            ? $"snapshots have events up to offset {mark.Offset}, and the log ends at {now.EndOffset}: an older copy of the log was "
                + "restored; restore the newer one, or start with --new-generation to build all features from this one"
            : null;
    }
}
