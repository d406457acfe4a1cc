using System.Collections.Immutable;
using Streaming.Log;
using Streaming.Persistence.Redis.Slots;

namespace Streaming.Engine.Checkpoints;

/// <summary>What a shard says to the sources that feed it; immutable.</summary>
/// <param name="Token">The token that its keeper has taken.</param>
/// <param name="Number">Counts what it has said with this token: of two words the higher one is newer.</param>
/// <param name="Durable">What its slot vouches for.</param>
/// <param name="LossesOfAll">Losses of events of all partitions.</param>
/// <param name="Losses">Losses of events of single partitions, besides those.</param>
internal sealed record ShardVouch(
    SlotToken Token, long Number, Marks Durable, long LossesOfAll, ImmutableSortedDictionary<TopicPartition, long> Losses)
{
    private static readonly ImmutableSortedDictionary<TopicPartition, long> s_none =
        ImmutableSortedDictionary.Create<TopicPartition, long>(Marks.Order);

    /// <summary>A shard that a keeper has just opened.</summary>
    public static ShardVouch Open(SlotToken token, Marks durable) => new(token, 0, durable, 0, s_none);

    /// <summary>A shard as a message describes it.</summary>
    public static ShardVouch Of(
        SlotToken token, long number, Marks durable, long lossesOfAll, IEnumerable<KeyValuePair<TopicPartition, long>> losses) =>
        new(token, number, durable, lossesOfAll, s_none.SetItems(losses));

    /// <summary>The shard, as it is for a partition.</summary>
    public ShardStamp Stamp(TopicPartition partition) => new(Token, LossesOfAll + Losses.GetValueOrDefault(partition));

    /// <summary>The slot vouches for more.</summary>
    public ShardVouch Advance(Marks durable) => this with { Number = Number + 1, Durable = durable };

    /// <summary>An entity is lost, with events of these partitions that no snapshot has.</summary>
    public ShardVouch Lose(IEnumerable<TopicPartition> partitions) => this with
    {
        Number = Number + 1,
        Losses = Losses.SetItems(partitions.Select(partition => KeyValuePair.Create(partition, Losses.GetValueOrDefault(partition) + 1))),
    };

    /// <summary>The slot does not hold what it vouched for.</summary>
    public ShardVouch Distrust() => this with { Number = Number + 1, Durable = Marks.None, LossesOfAll = LossesOfAll + 1 };

    /// <summary>
    /// What to go by after a word was heard. Words of one token come to their order; of two tokens none is known to be the newer one, and a
    /// shard repeats what it says.
    /// </summary>
    public static ShardVouch Later(ShardVouch? known, ShardVouch heard) =>
        known is not null && known.Token == heard.Token && known.Number > heard.Number ? known : heard;
}
