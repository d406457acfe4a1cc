using Confluent.Kafka;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;
using Streaming.Log.Kafka;

namespace Streaming.Engine.Tests;

/// <summary>On a real broker, an open transaction holds back the events that other producers committed behind it.</summary>
public sealed class OpenTransactionSpec(OwnBroker broker) : IClassFixture<OwnBroker>, IDisposable
{
    private static readonly TimeSpan s_bound = TimeSpan.FromSeconds(30);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task Events_held_back_by_another_producers_open_transaction_are_reported_until_it_commits()
    {
        Skip.If(broker.SkipReason is not null, broker.SkipReason);
        await using var log = KafkaEventLog.Open(new KafkaSettings(broker.Bootstrap!));
        var registry = new EmbeddedSchemaRegistry(_folder["registry"]);
        await using var host = await StartAsync(log, registry);
        var engine = host.Engine;
        var events = await Events.CreateAsync(log, registry);
        await events.AppendAsync(Events.Random(1, 20));
        await StatusAsync(engine, "20 events", status => engine.IsCaughtUp && status.NextOffset == 20);

        using var producer = await BeginTransactionAsync(events.Bytes(Events.Transaction("c", Events.Start)));
        await events.AppendAsync(Events.Random(2, 5));
        const string Notice = "6 offsets from 20 on are held back by an open transaction";
        await StatusAsync(
            engine, Notice, status => status.HeldBack == 6 && status.Notice?.StartsWith(Notice, StringComparison.Ordinal) == true);
        Assert.Equal((20, false), (engine.Partitions.Single().NextOffset, engine.IsCaughtUp));

        // The commit adds a marker, which is no event.
        producer.CommitTransaction(s_bound);
        await StatusAsync(
            engine, "all events", status => engine.IsCaughtUp && status is { NextOffset: 27, Applied: 26, HeldBack: 0, Notice: null });
    }

    private static Task<EngineHost> StartAsync(KafkaEventLog log, EmbeddedSchemaRegistry registry) => EngineHost.StartAsync(
        "akka.loglevel = OFF",
        SourceHarness.Quick with
        {
            StaleAfter = TimeSpan.FromMilliseconds(200),
            Partitions = SourceHarness.Quick.Partitions.SetItem(EventSchemas.Transactions, 1),
        },
        TestFeatures.Catalog,
        log,
        registry);

    private static Task StatusAsync(StreamingEngine engine, string phase, Func<PartitionStatus, bool> holds) => Eventually.TrueAsync(
        phase,
        () => engine.Partitions.Count == 1 && holds(engine.Partitions[0]),
        () => string.Join(Environment.NewLine, engine.Partitions));

    private async Task<IProducer<string, byte[]>> BeginTransactionAsync(byte[] value)
    {
        var settings = new ProducerConfig { BootstrapServers = broker.Bootstrap!, TransactionalId = "another-producer" };
        var producer = new ProducerBuilder<string, byte[]>(settings).Build();
        producer.InitTransactions(s_bound);
        producer.BeginTransaction();
        var timestamp = new Timestamp(Events.Start, TimestampType.CreateTime);
        var message = new Message<string, byte[]> { Key = "c", Value = value, Timestamp = timestamp };
        await producer.ProduceAsync(EventSchemas.Transactions, message);
        return producer;
    }
}
