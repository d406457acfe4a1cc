using Akka.Actor;
using Akka.Configuration;
using Microsoft.Extensions.Time.Testing;
using Streaming.Engine.Deliveries;
using Streaming.Engine.Shards;

namespace Streaming.Engine.Tests;

/// <summary>Who has the next turn to flush. The clock stands still, so nobody's patience ends.</summary>
public sealed class FlushTurnsSpec : IAsyncLifetime
{
    private static readonly TimeSpan s_bound = TimeSpan.FromSeconds(30);
    private readonly FakeTimeProvider _time = new();
    private readonly ActorSystem _system = ActorSystem.Create("turns", ConfigurationFactory.ParseString("akka.loglevel = OFF, akka.stdout-loglevel = OFF"));
    private readonly Residency _residency;

    public FlushTurnsSpec() => _residency = new Residency(1_000, 1 << 20, TimeSpan.FromDays(1), _time);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _system.Terminate();

    /// <summary>What the others have is written before the node stops, although one keeper has stopped: its slot was taken, say.</summary>
    [Fact]
    public async Task A_keeper_that_has_stopped_has_no_turn_before_the_stop()
    {
        var turns = Turns();
        var (stopped, others) = (await KeeperAsync(turns), new[] { await KeeperAsync(turns), await KeeperAsync(turns) });
        await StopAsync(stopped, turns);

        await turns.Ask<FlushTurns.Drained>(FlushTurns.Drain.Instance, s_bound);

        foreach (var keeper in others)
        {
            Assert.Equal(1, await keeper.Ask<int>("flushes", s_bound));
        }
    }

    [Fact]
    public async Task A_keeper_that_stops_is_not_waited_for_while_all_rests()
    {
        var turns = Turns();
        var (stopped, _) = (await KeeperAsync(turns), await KeeperAsync(turns));
        await StopAsync(stopped, turns);

        var settled = _residency.SettleAsync();
        turns.Tell("look");

        await settled.WaitAsync(s_bound);
    }

    private IActorRef Turns() => _system.ActorOf(
        FlushTurns.Props(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1), () => true, _residency, static _ => { }, _time));

    private static async Task StopAsync(IActorRef keeper, IActorRef turns)
    {
        await keeper.GracefulStop(s_bound);
        await turns.Ask<ActorIdentity>(new Identify(null), s_bound);
    }

    private async Task<IActorRef> KeeperAsync(IActorRef turns)
    {
        var keeper = _system.ActorOf(Props.Create(() => new Keeper(turns)));
        await keeper.Ask<int>("flushes", s_bound);
        return keeper;
    }

    private sealed class Keeper : UntypedActor
    {
        private readonly IActorRef _turns;
        private int _flushes;

        public Keeper(IActorRef turns)
        {
            _turns = turns;
            turns.Tell(FlushTurns.Register.Instance);
        }

        protected override void OnReceive(object message)
        {
            if (message is ShardProtocol.Flush)
            {
                _flushes++;
                _turns.Tell(new FlushTurns.Ended(null));
            }
            else
            {
                Sender.Tell(_flushes);
            }
        }
    }
}
