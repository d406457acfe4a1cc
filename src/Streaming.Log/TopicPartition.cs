namespace Streaming.Log;

/// <summary>One partition of a topic, as in Kafka.</summary>
public readonly record struct TopicPartition(string Topic, int Partition)
{
    /// <summary><c>topic[partition]</c>.</summary>
    public override string ToString() => $"{Topic}[{Partition}]";
}

/// <summary>What is known of a topic. <see cref="Identity"/> changes when the topic is deleted and made again.</summary>
public sealed record TopicDescription(string Topic, int Partitions, string Identity);
