using Streaming.Log.Conformance;
using Streaming.Log.Kafka;

namespace Streaming.Log.Tests.Kafka;

/// <summary>A broker that dies and comes back is an outage for as long as it is away, and no longer.</summary>
public sealed class BrokerRestartSpec(RealBroker broker) : IClassFixture<RealBroker>
{
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

        // Far below the five minutes for which librdkafka keeps what it knows of leaders.
        var last = "nothing";
        await Eventually.TrueAsync("the end is found", () => EndsAtAsync(log, partition, 1, said => last = said), () => last);
        Assert.Equal(0, await log.BeginningOffsetAsync(partition, CancellationToken.None));
    }

    private static async Task<bool> EndsAtAsync(KafkaEventLog log, TopicPartition partition, long end, Action<string> outage)
    {
        try
        {
            return await log.EndOffsetAsync(partition, CancellationToken.None) == end;
        }
        catch (EventLogException away) when (away.Retriable)
        {
            outage(away.Message);
            return false;
        }
    }
}
