using Streaming.Contracts.Events;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;
using Streaming.Log.Kafka;

namespace Streaming.Engine.Tests;

/// <summary>A real broker deletes a topic some time after the request, and keeps neither its offsets nor its groups' offsets.</summary>
public sealed class RecreatedTopicSpec(OwnBroker broker) : IClassFixture<OwnBroker>, IDisposable
{
    private const int EventsBefore = 200;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData(0, 4)]
    [InlineData(50, 4)]
    [InlineData(500, 4)]
    [InlineData(500, 2)]
    public async Task A_topic_that_is_deleted_and_created_again_pauses_its_partitions_until_the_node_starts_again(
        int eventsAfter,
        int partitionsAfter)
    {
        Skip.If(broker.SkipReason is not null, broker.SkipReason);
        await using var log = KafkaEventLog.Open(new KafkaSettings(broker.Bootstrap!));
        var registry = new EmbeddedSchemaRegistry(_folder["registry"]);
        await RemakeAsync(log, SourceHarness.Quick.Partitions["transactions"]);
        await AppendAsync(registry, Events.Random(1, EventsBefore));
        await using (var first = await StartAsync(log, registry))
        {
            var engine = first.Engine;
            await AppliedAsync(engine, EventsBefore);
            await RemakeAsync(log, partitionsAfter);
            await AppendAsync(registry, Events.Random(2, eventsAfter));
            await Eventually.TrueAsync(
                "paused",
                () => engine.Partitions.All(partition =>
                    partition.State == PartitionState.Paused
                    && partition.Reason!.Contains("deleted and created again", StringComparison.Ordinal)),
                () => Text(engine));
        }

        await using var restarted = await StartAsync(log, registry, partitionsAfter);
        await AppliedAsync(restarted.Engine, eventsAfter);
        Assert.Equal(partitionsAfter, restarted.Engine.Partitions.Count);
    }

    // A producer knows a topic's partitions for minutes, also where they are fewer by now.
    private async Task AppendAsync(EmbeddedSchemaRegistry registry, List<Transaction> transactions)
    {
        await using var log = KafkaEventLog.Open(new KafkaSettings(broker.Bootstrap!));
        await (await Events.CreateAsync(log, registry)).AppendAsync(transactions);
    }

    private static Task<EngineHost> StartAsync(KafkaEventLog log, EmbeddedSchemaRegistry registry, int partitions = 4) =>
        EngineHost.StartAsync(
        "akka.loglevel = OFF",
        SourceHarness.Quick with { Partitions = SourceHarness.Quick.Partitions.SetItem("transactions", partitions) },
        TestFeatures.Catalog,
        log,
        registry);

    private static Task AppliedAsync(StreamingEngine engine, int events) => Eventually.TrueAsync(
        $"{events} events",
        () => engine.IsCaughtUp && engine.Partitions.Sum(partition => partition.NextOffset) == events,
        () => Text(engine));

    private static async Task RemakeAsync(KafkaEventLog log, int partitions)
    {
        await log.DeleteTopicAsync(EventSchemas.Transactions, CancellationToken.None);
        await Eventually.TrueAsync(
            "deleted",
            async () => await log.DescribeTopicAsync(EventSchemas.Transactions, CancellationToken.None) is null);
        await log.CreateTopicAsync(EventSchemas.Transactions, partitions, CancellationToken.None);
    }

    private static string Text(StreamingEngine engine) => string.Join(Environment.NewLine, engine.Partitions);
}
