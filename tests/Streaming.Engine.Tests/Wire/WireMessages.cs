using Akka.Actor;
using Akka.Configuration;
using Streaming.Contracts.Schemas;
using Streaming.Engine.Checkpoints;
using Streaming.Engine.Deliveries;
using Streaming.Engine.Entities;
using Streaming.Engine.Shards;
using Streaming.Engine.Sources;
using Streaming.Engine.Wire;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Features.State;
using Streaming.Log;
using Streaming.Persistence.Redis.Slots;

namespace Streaming.Engine.Tests.Wire;

/// <summary>One message of each kind, and an actor system whose serializer knows their feeds.</summary>
internal sealed class WireMessages : IAsyncDisposable
{
    private static readonly Guid s_life = new("0f8fad5b-d9cb-469f-a165-70867728950e");
    private static readonly SlotToken s_token = new(9, s_life);
    private static readonly RunBasis s_basis = new([("card", 0, [new(s_token, 2), new(new(8, s_life), 0)]), ("terminal", 1, [new(s_token, 0)])]);
    private readonly IActorRef _actor;

    public WireMessages()
    {
        var config = ConfigurationFactory.ParseString("akka.actor.provider = local, akka.loglevel = OFF, akka.loggers = []").WithFallback(StreamingEngine.ReferenceConfig);
        System = (ExtendedActorSystem)ActorSystem.Create(
            "wire", BootstrapSetup.Create().WithConfig(config).And(new WireSetup(TestFeatures.Catalog.Entities, Queries)));
        _actor = System.Provider.ResolveActorRef("akka://wire/user/actor#77");
        Serializer = (WireSerializer)System.Serialization.FindSerializerForType(typeof(EntityLost));
        Queries.Answers = _actor;
        Run = new DeliveryRun(_actor, new RunId(s_life, 7), new RunStart(1000, IsLogsBeginning: false), s_basis);
    }

    public ExtendedActorSystem System { get; }

    public OpenQueries Queries { get; } = new();

    public WireSerializer Serializer { get; }

    public DeliveryRun Run { get; }

    public static EntityPlan Card { get; } = TestFeatures.Catalog.FindEntity("card")!;

    /// <summary>A name and a message of each kind.</summary>
    public IEnumerable<(string Name, object Message)> All =>
    [
        ("deliveries", Bundle()),
        ("delivery without texts", new DeliveryBundle(1, [new Delivery("t1"u8.ToArray(), -1, Run, new ReadInFlight(1, 9), 0, Terminal, Batch(), new([1]))])),
        ("confirmed", new DeliveryConfirmed(Run.Id, 42, 3, 5, 1, 2)),
        ("gap", new DeliveryGap(Run.Id, "card/****1234", 5, 9)),
        ("not-admitted", new RunNotAdmitted(Run.Id, "card/****1234")),
        ("failed", new DeliveryFailed("card/****1234", Card.Feeds[0], 77, "InvalidOperationException: bad luck")),
        ("lost", new EntityLost("card/****1234")),
        ("query", new ReadEntity(Some, "c"u8.ToArray(), 1_704_067_200_000, Request(), 1, new FeatureValue[Some.OutputLength])),
        ("query without a request", new ReadEntity(Some, "c"u8.ToArray(), 0, null, 0, new FeatureValue[Some.OutputLength])),
        ("answer", new EntityAnswer(12, ReadOutcome.Done, Values, null)),
        ("answer with a fault", new EntityAnswer(12, ReadOutcome.NotHere, [], "NullReferenceException: no")),
        ("ensure-keeper", new ShardProtocol.Ensure(5)),
        ("ensure-source", new SourceProtocol.Ensure(new TopicPartition("transactions", 2))),
        ("progress", new SourceProtocol.Progress(new(new TopicPartition("transactions", 2), new PartitionMark(12, 22, 32), s_basis))),
        ("vouched", new ShardProtocol.Vouched("card", 3, ShardVouch.Open(s_token, Durable).Lose([new("labels", 1)]).Advance(Durable))),
        ("vouched for nothing", new ShardProtocol.Vouched("card", 3, ShardVouch.Open(s_token, Durable).Distrust())),
        ("recall", new ShardProtocol.Recall("c"u8.ToArray())),
        ("leave", ShardProtocol.Leave.Instance),
        ("take-snapshot", new ShardProtocol.TakeSnapshot(_actor, 17)),
    ];

    private static EntityFeed Terminal => TestFeatures.Catalog.FindEntity("terminal")!.Feeds[0];

    private static EntityReadPlan Some { get; } = EntityReadPlan.For(
        Card, ["card_activity.mean_30d", "card_activity.last_channel_30d", "card_activity.n_1d"])!;

    private static FeatureValue[] Values { get; } =
        [new(0.5, null, FeatureStatus.Present, 99), new(double.NaN, "é", FeatureStatus.Present, 98), new(0, null, FeatureStatus.Absent, long.MinValue)];

    private static Marks Durable { get; } = Marks.Of([
        new(new TopicPartition("transactions", 0), new PartitionMark(10, 20, 30)),
        new(new TopicPartition("labels", 1), new PartitionMark(11, 21, 31)),
    ]);

    /// <summary>A delivery of rows 0 and 2 of three.</summary>
    public Delivery Delivery() => Bundle().Deliveries[0];

    /// <summary>Two deliveries, of rows 0 and 2, and 1 of three; both keys are of one shard of two.</summary>
    public DeliveryBundle Bundle()
    {
        var (read, batch) = (new ReadInFlight(42, 9), Batch());
        return new(Murmur2.Partition("c"u8, 2),
        [
            new("c"u8.ToArray(), 3, Run, read, 6, Card.Feeds[0], batch, new([0, 2])),
            new("d"u8.ToArray(), -1, Run, read, 8, Card.Feeds[0], batch, new([1])),
        ]);
    }

    public object Copy(object message) => Serializer.FromBinary(Serializer.ToBinary(message), Serializer.Manifest(message));

    public async ValueTask DisposeAsync() => await System.Terminate();

    /// <summary>Three events with all fields; the second lacks what it may.</summary>
    private static EventBatch Batch()
    {
        var source = EventSchemas.Sources["transactions"];
        var batch = new EventBatch(source, default, 3) { Partition = 2, Count = 3 };
        for (var row = 0; row < 3; row++)
        {
            batch.Offsets[row] = 100 + (10 * row);
            for (var field = 0; field < source.Fields.Length; field++)
            {
                Fill(batch[field]!, row, field);
            }
        }

        return batch;
    }

    private static EventBatch Request() => Batch();

    private static void Fill(EventColumn column, int row, int field)
    {
        switch (column)
        {
            case var empty when row == 1 && field % 2 == 1:
                empty.SetNull(row);
                break;
            case NumberColumn numbers:
                numbers.Values[row] = row + (field / 100.0);
                break;
            case TimeColumn times:
                times.Values[row] = 1_704_067_200_000 + row;
                break;
            case TextColumn texts:
                texts.Buffer = "abcdefghijklmnopqrstuvwxyz"u8.ToArray();
                texts.Set(row, field % 20, 1 + row);
                break;
        }
    }
}
