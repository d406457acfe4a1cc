using Akka.Actor;
using Akka.Cluster.Sharding;
using Streaming.Engine.Checkpoints;
using Streaming.Engine.Deliveries;
using Streaming.Engine.Entities;
using Streaming.Engine.Shards;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Features.State;
using Streaming.Log;
using Streaming.Persistence.Conformance;
using Streaming.Persistence.Redis;

namespace Streaming.Engine.Tests;

/// <summary>
/// What is on its way to an entity that leaves memory reaches the next one of its key in order. The shard keeps what comes after the
/// entity has said that it leaves; what came before must not go behind that, for then it is missing, and the source reads again.
/// </summary>
public sealed class HandOverSpec : IAsyncLifetime
{
    private static readonly TimeSpan s_bound = TimeSpan.FromSeconds(30);
    private static readonly EntityPlan s_plan = TestFeatures.Catalog.FindEntity("card")!;
    private readonly ActorSystem _system;
    private readonly EntityType _type = new(s_plan, 1, new Residency(1_000, 1 << 20, TimeSpan.FromDays(1), TimeProvider.System), isDirect: true);
    private readonly TaskCompletionSource<object> _fault = new();

    public HandOverSpec() => _system = ActorSystem.Create("hand-over", Akka.Configuration.ConfigurationFactory
        .ParseString("akka.loglevel = OFF, akka.actor.provider = local")
        .WithFallback(StreamingEngine.ReferenceConfig));

    public async Task InitializeAsync()
    {
        var slot = await new MemoryShardSlots(new MemoryStore()).TakeAsync(new SlotAddress(1, "card", 0), Guid.NewGuid(), CancellationToken.None);
        _type.Shards[0].Open(new ShardOpening(slot, ActorRefs.Nobody, Marks.None));
    }

    public async Task DisposeAsync() => await _system.Terminate();

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task What_was_on_its_way_when_an_entity_left_comes_before_what_the_shard_has_kept(bool rests, bool isKilled)
    {
        var source = _system.ActorOf(Props.Create(() => new Listener(_fault)));
        var stamp = _type.Shards[0].Vouch!.Stamp(new TopicPartition(s_plan.Feeds[0].Source.Name, 0));
        var run = new DeliveryRun(source, default, new RunStart(0, IsLogsBeginning: true), RunBasis.Of("card", 0, stamp));
        ReadInFlight[] reads = [new(1, 11), new(2, 21), new(3, 31)];
        Delivery[] deliveries = [Of(run, reads[0], -1, 10), Of(run, reads[1], 10, 20), Of(run, reads[2], 20, 30)];
        object leave = rests ? new ShardProtocol.Rest(int.MaxValue) : ShardProtocol.Leave.Instance;
        _system.ActorOf(Props.Create(() => new ShardStandIn(_type, leave, deliveries, isKilled)));

        var applied = Task.WhenAll(reads.Select(read => read.Done));

        var first = await Task.WhenAny(applied, _fault.Task).WaitAsync(s_bound);
        Assert.True(first == applied, first == applied ? null : $"{await _fault.Task}");
    }

    private static Delivery Of(DeliveryRun run, ReadInFlight read, long previous, long offset)
    {
        var batch = new EventBatch(s_plan.Feeds[0].Source, default, 1) { Partition = 0, Count = 1 };
        batch.Offsets[0] = offset;
        read.Expect(1);
        read.Sent();
        return new Delivery("card"u8.ToArray(), previous, run, read, 0, s_plan.Feeds[0], batch, new ArraySegment<int>([0]));
    }

    private sealed class Listener(TaskCompletionSource<object> fault) : UntypedActor
    {
        protected override void OnReceive(object message) => fault.TrySetResult(message);
    }

    /// <summary>A shard: the first two deliveries are with the entity when it leaves, or after; the third is kept.</summary>
    private sealed class ShardStandIn(EntityType type, object leave, Delivery[] deliveries, bool isKilled) : UntypedActor
    {
        private readonly List<object> _kept = [];
        private bool _isLeft;

        protected override void PreStart() => Make().Tell(leave);

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case Passivate passivate:
                    Sender.Tell(deliveries[0]);
                    Sender.Tell(deliveries[1]);
                    _kept.Add(deliveries[2]);
                    Sender.Tell(isKilled ? Kill.Instance : passivate.StopMessage);
                    break;
                case IEntityMessage kept when !_isLeft:
                    _kept.Add(kept);
                    break;
                case Terminated:
                    _isLeft = true;
                    var next = Make();
                    _kept.ForEach(next.Tell);
                    break;
            }
        }

        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

        private IActorRef Make() =>
            Context.Watch(Context.ActorOf(EntityActor.Props(type, new NoLosses()), "card"));
    }

    private sealed class NoLosses : IEntityLossListener
    {
        public bool IsStopping => false;

        public void BeforeLoss(EntityState state)
        {
        }

        public void AfterLoss(EntityState state, string entity)
        {
        }

        public void Distrust(EntityPlan plan, string entity)
        {
        }
    }
}
