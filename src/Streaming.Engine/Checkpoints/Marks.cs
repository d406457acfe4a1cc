using System.Collections.Immutable;
using Streaming.Log;

namespace Streaming.Engine.Checkpoints;

/// <summary>
/// A mark for each partition, immutable: what sources have confirmed, or what a slot vouches for. A partition without a mark is covered
/// up to nothing.
/// </summary>
internal sealed class Marks(ImmutableSortedDictionary<TopicPartition, PartitionMark> marks)
{
    /// <summary>By topic and partition.</summary>
    public static readonly Comparer<TopicPartition> Order = Comparer<TopicPartition>.Create(static (a, b) =>
        string.CompareOrdinal(a.Topic, b.Topic) is var topics and not 0 ? topics : a.Partition.CompareTo(b.Partition));

    /// <summary>No marks.</summary>
    public static readonly Marks None = new(ImmutableSortedDictionary.Create<TopicPartition, PartitionMark>(Order));

    /// <summary>All marks, by topic and partition.</summary>
    public ImmutableSortedDictionary<TopicPartition, PartitionMark> ByPartition { get; } = marks;

    /// <summary>Marks of some partitions.</summary>
    public static Marks Of(IEnumerable<KeyValuePair<TopicPartition, PartitionMark>> marks) =>
        new(None.ByPartition.SetItems(marks));

    /// <summary>The mark of a partition; null when there is none.</summary>
    public PartitionMark? this[TopicPartition partition] => ByPartition.TryGetValue(partition, out var mark) ? mark : null;

    /// <summary>Whether all events of a partition before an offset are covered.</summary>
    public bool Cover(TopicPartition partition, long offset) => offset <= (this[partition]?.Offset ?? 0);

    /// <summary>Whether every mark of another one is covered.</summary>
    public bool Covers(Marks other) => other.ByPartition.All(mark => this[mark.Key] is { } known && mark.Value.Offset <= known.Offset);

    /// <summary>These marks, each moved forward where the other one is further. No mark moves back.</summary>
    public Marks Advance(Marks other) => new(ByPartition.SetItems(
        other.ByPartition.Where(mark => this[mark.Key] is not { } known || known.Offset < mark.Value.Offset)));
}
