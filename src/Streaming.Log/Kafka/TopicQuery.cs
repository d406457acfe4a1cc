using Confluent.Kafka;

namespace Streaming.Log.Kafka;

/// <summary>A request for a topic's partitions and leaders. Complete when it is answered; null where there is no such topic.</summary>
internal sealed class TopicQuery(string topic)
    : TaskCompletionSource<TopicMetadata?>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public string Topic => topic;
}
