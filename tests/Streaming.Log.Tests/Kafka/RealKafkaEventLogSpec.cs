using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Streaming.Log.Conformance;
using Streaming.Log.Kafka;

namespace Streaming.Log.Tests.Kafka;

public sealed class RealKafkaEventLogSpec(RealBroker broker) : CompleteEventLogSpec, IClassFixture<RealBroker>
{
    protected override string? SkipReason => broker.SkipReason;

    protected override Task<IEventLog> OpenAsync() => Task.FromResult<IEventLog>(KafkaEventLog.Open(new KafkaSettings(broker.Bootstrap!)));

    [SkippableFact]
    public async Task A_reader_passes_a_transactions_marker_and_gets_to_the_end()
    {
        var partition = await PartitionAsync();
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = broker.Bootstrap!, TransactionalId = partition.Topic }).Build();
        producer.InitTransactions(Batches.Bound);
        await using var reader = Log.Read(partition, 0);
        for (var round = 1; round <= 3; round++)
        {
            producer.BeginTransaction();
            producer.Produce(new Confluent.Kafka.TopicPartition(partition.Topic, 0), new Message<string, string> { Key = "k", Value = $"{round}" });
            producer.CommitTransaction(Batches.Bound);

            // A record and a marker each time; the marker may come with the record or in a read of its own.
            var records = 0;
            while (reader.NextOffset < 2 * round)
            {
                records += (await reader.ReadAsync(10, Bounded)).Count;
            }

            Assert.Equal((1, 2L * round), (records, reader.NextOffset));
            Assert.Equal(2 * round, await Log.EndOffsetAsync(partition, Bounded));
        }

        await using var last = Log.Read(partition, 5);
        Assert.Equal(0, (await last.ReadAsync(1, Bounded)).Count);
        Assert.Equal(6, last.NextOffset);
    }

    [SkippableTheory]
    [InlineData("retention.ms", "-1")]
    [InlineData("retention.bytes", "-1")]
    [InlineData("cleanup.policy", "delete")]
    public async Task A_topic_is_made_to_keep_its_records_whatever_the_brokers_defaults_are(string setting, string value)
    {
        var partition = await PartitionAsync();
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.Bootstrap! }).Build();
        var described = await admin.DescribeConfigsAsync([new ConfigResource { Type = ResourceType.Topic, Name = partition.Topic }]);
        Assert.Equal((value, ConfigSource.DynamicTopicConfig), (described[0].Entries[setting].Value, described[0].Entries[setting].Source));
    }

    [SkippableFact]
    public async Task The_retention_of_a_topic_is_told()
    {
        var log = (KafkaEventLog)Log;
        Assert.Equal(new KafkaRetention(null, null, IsCompacted: false), await log.RetentionAsync((await PartitionAsync()).Topic, Bounded));
        var topic = $"short-{Guid.NewGuid():N}";
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.Bootstrap! }).Build();
        var configs = new Dictionary<string, string> { ["retention.ms"] = "604800000", ["retention.bytes"] = "1000", ["cleanup.policy"] = "compact,delete" };
        await admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = 1, Configs = configs }]);

        // A broker learns of a new topic a moment after its controller.
        var told = default(KafkaRetention);
        await Eventually.TrueAsync(
            "as it was created",
            async () => (told = await log.RetentionAsync(topic, Bounded)) == new KafkaRetention(604_800_000, 1_000, IsCompacted: true),
            () => $"{told}");
        Assert.Null(await log.RetentionAsync($"missing-{Guid.NewGuid():N}", Bounded));
    }

    protected override async Task DeleteBeforeAsync(Streaming.Log.TopicPartition partition, long offset)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.Bootstrap! }).Build();
        var before = new Confluent.Kafka.TopicPartitionOffset(new Confluent.Kafka.TopicPartition(partition.Topic, partition.Partition), offset);
        await admin.DeleteRecordsAsync([before]);
    }

    protected override Task DeleteTopicAsync(string topic) => ((KafkaEventLog)Log).DeleteTopicAsync(topic, Bounded);
}
