using System.Collections.Immutable;
using Streaming.Engine.Checkpoints;
using Streaming.Engine.Deliveries;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>The shards that a source's partition feeds: where a run may begin, and whether one may go on.</summary>
internal sealed class SourceShards(IReadOnlyList<ShardWord> shards, TopicPartition partition)
{
    private readonly ShardVouch?[] _seen = new ShardVouch?[shards.Count];
    private RunBasis? _seenBasis;
    private long _seenTrim;

    /// <summary>Does something when all are known: until then it is not known where to begin.</summary>
    public async Task<T> WhenOpenAsync<T>(Func<Task<T>> next, CancellationToken cancellation)
    {
        await Task.WhenAll(shards.Select(static shard => shard.KnownAsync())).WaitAsync(cancellation);
        return await next();
    }

    /// <summary>The restart point now; null for the log's beginning.</summary>
    public PartitionMark? RestartPoint() => RestartPointOf(shards.Select(static shard => shard.Vouch));

    /// <summary>
    /// What a run that begins now goes by: both from the same words, or it would skip by one of them what it takes for kept by another.
    /// </summary>
    public (RunBasis Basis, PartitionMark? Restart) Look()
    {
        var words = shards.Select(static shard => (shard.Type, shard.Number, Vouch: shard.Vouch!)).ToList();
        var types = words.GroupBy(static word => word.Type).Select(type =>
            (type.Key, type.First().Number, type.Select(word => word.Vouch.Stamp(partition)).ToImmutableArray()));
        return (new RunBasis([.. types]), RestartPointOf(words.Select(static word => word.Vouch)));
    }

    /// <summary>Whether all are what they were when a run began.</summary>
    public bool Are(RunBasis basis) => shards.All(shard => shard.Vouch?.Stamp(partition) == basis[shard.Type, shard.Number]);

    /// <summary>
    /// The offset before which a run may forget what it has delivered: the shards that it feeds have it in their slots. A word of a shard
    /// that is another one than the run feeds says nothing of that.
    /// </summary>
    public long TrimOffset(RunBasis basis)
    {
        var isSeen = ReferenceEquals(basis, _seenBasis);
        for (var i = 0; i < _seen.Length; i++)
        {
            var word = shards[i].Vouch;
            isSeen &= ReferenceEquals(word, _seen[i]);
            _seen[i] = word;
        }

        if (!isSeen)
        {
            _seenBasis = basis;
            _seenTrim = _seen.Zip(shards).All(each => each.First?.Stamp(partition) == basis[each.Second.Type, each.Second.Number])
                ? RestartPointOf(_seen)?.Offset ?? 0
                : 0;
        }

        return _seenTrim;
    }

    private PartitionMark? RestartPointOf(IEnumerable<ShardVouch?> words) =>
        Checkpoints.RestartPoint.Of(partition, words.Select(static word => word?.Durable ?? Marks.None));

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
