using Streaming.Log.Conformance;
using Streaming.Log.Embedded;

namespace Streaming.Log.Tests.Embedded;

public sealed class EmbeddedEventLogSpec : CompleteEventLogSpec, IDisposable
{
    private readonly LogFolder _folder = new();

    protected override Task<IEventLog> OpenAsync() => Task.FromResult<IEventLog>(_folder.Open());

    protected override Task DeleteTopicAsync(string topic) => ((EmbeddedEventLog)Log).DeleteTopicAsync(topic, Bounded);

    protected override Task DeleteBeforeAsync(TopicPartition partition, long offset) =>
        ((EmbeddedEventLog)Log).DeleteBeforeAsync(partition, offset, Bounded);

    public void Dispose() => _folder.Dispose();
}
