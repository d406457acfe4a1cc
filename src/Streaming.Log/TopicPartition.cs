namespace Streaming.Log;

/// <summary>One partition of a topic, as in Kafka.</summary>
public readonly record struct TopicPartition(string Topic, int Partition)
{
    /// <summary><c>topic[partition]</c>.</summary>
    public override string ToString() => $"{Topic}[{Partition}]";
}

/// <summary>What is known of a topic. <see cref="Identity"/> changes when the topic is deleted and made again.</summary>
public sealed record TopicDescription(string Topic, int Partitions, string Identity);

/// <summary>A partition at one moment.</summary>
/// <param name="Topic">Its topic; the number of partitions or the identity may have changed.</param>
/// <param name="Beginning">The first retained offset.</param>
/// <param name="End">The offset behind the last record that can be read. A reader that got here has read all.</param>
/// <param name="HighWatermark">The offset that the next record gets; at least <paramref name="End"/>.</param>
public sealed record PartitionDescription(TopicDescription Topic, long Beginning, long End, long HighWatermark)
{
    /// <summary>
    /// Offsets that cannot be read yet: those from the first record of the oldest open transaction on, also committed ones.
    /// </summary>
    public long HeldBack => HighWatermark - End;
}
