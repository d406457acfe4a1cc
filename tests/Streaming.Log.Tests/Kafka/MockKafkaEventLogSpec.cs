using Streaming.Log.Conformance;
using Streaming.Log.Kafka;

namespace Streaming.Log.Tests.Kafka;

public sealed class MockKafkaEventLogSpec(MockCluster cluster) : EventLogSpec, IClassFixture<MockCluster>
{
    protected override Task<IEventLog> OpenAsync() => Task.FromResult<IEventLog>(KafkaEventLog.Open(new KafkaSettings(cluster.Bootstrap) { TopicIds = false, RequestTimeout = TimeSpan.FromSeconds(5) }));

    protected override Task<TopicDescription> CreateTopicAsync(string topic, int partitions)
    {
        cluster.CreateTopic(topic, partitions);
        return Log.CreateTopicAsync(topic, partitions, Bounded);
    }
}
