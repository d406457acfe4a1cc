using Streaming.Log.Conformance;
using Streaming.Log.Kafka;

namespace Streaming.Log.Tests.Kafka;

public sealed class RealKafkaEventLogSpec(RealBroker broker) : CompleteEventLogSpec, IClassFixture<RealBroker>
{
    protected override string? SkipReason => broker.SkipReason;

    protected override Task<IEventLog> OpenAsync() => Task.FromResult<IEventLog>(KafkaEventLog.Open(new KafkaSettings(broker.Bootstrap!)));

    protected override Task DeleteTopicAsync(string topic) => ((KafkaEventLog)Log).DeleteTopicAsync(topic, Bounded);
}
