using Streaming.Log.Conformance;
using Streaming.Log.Kafka;

namespace Streaming.Log.Tests.Kafka;

/// <summary>A broker that dies and comes back is an outage for as long as it is away, and no longer.</summary>
public sealed class BrokerRestartSpec(RealBroker broker) : IClassFixture<RealBroker>
{
    // Far below the five minutes for which librdkafka keeps what it knows of leaders.
    private static readonly TimeSpan s_bound = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan s_again = TimeSpan.FromMilliseconds(200);

    [SkippableFact]
    public async Task Offsets_are_found_again_soon_after_the_broker_is_back_under_a_new_leader_epoch()
    {
        Skip.If(broker.SkipReason is not null, broker.SkipReason);
        Skip.IfNot(broker.IsOurs, "KAFKA_BOOTSTRAP names somebody else's broker, which is not killed.");
        await using var log = KafkaEventLog.Open(new KafkaSettings(broker.Bootstrap!));
        var partition = new TopicPartition($"restart-{Guid.NewGuid():N}", 0);
        var batch = new RecordBatch();
        batch.Add(0, Batches.Epoch, [1], [2]);
        await log.CreateTopicAsync(partition.Topic, 1, CancellationToken.None);
        await log.AppendAsync(partition.Topic, batch, CancellationToken.None);
        Assert.Equal(1, await log.EndOffsetAsync(partition, CancellationToken.None));

        await broker.RestartAsync();

        Assert.Equal(1, await EndAsync(log, partition));
        Assert.Equal(0, await log.BeginningOffsetAsync(partition, CancellationToken.None));
    }

    private static async Task<long> EndAsync(KafkaEventLog log, TopicPartition partition)
    {
        using var bound = new CancellationTokenSource(s_bound);
        for (var last = "nothing"; ; await Task.Delay(s_again, CancellationToken.None))
        {
            Assert.False(bound.IsCancellationRequested, $"the end of {partition} was not found within {s_bound}: {last}");
            try
            {
                return await log.EndOffsetAsync(partition, bound.Token);
            }
            catch (EventLogException outage) when (outage.Retriable)
            {
                last = outage.Message;
            }
        }
    }
}
