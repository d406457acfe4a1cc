using Akka;
using Akka.Actor;
using Akka.Event;
using Streaming.Engine.Shards;
using Streaming.Engine.Sources;

namespace Streaming.Engine.Startup;

/// <summary>
/// How an engine ends: sources stop, what has changed is written to the slots, regions stop. The status says that it has ended.
/// </summary>
internal static class EngineShutdown
{
    // Within the five seconds that coordinated shutdown gives a phase.
    private static readonly TimeSpan s_stopTimeout = TimeSpan.FromSeconds(4);

    // Within the phase's time-out in reference.conf.
    private static readonly TimeSpan s_drainTimeout = TimeSpan.FromSeconds(9);

    /// <summary>
    /// Adds the engine's part to the coordinated shutdown of its actor system. Regions are stopped as they are: there is no other node to
    /// hand their entities over to, and a hand-over waits for all that is buffered for entities, which is much while history is read.
    /// </summary>
    public static void Register(
        ActorSystem system,
        SourceBoard board,
        SourceDirectory sources,
        (IActorRef? Exchange, IActorRef Turns) keepers,
        Func<IEnumerable<IActorRef>> regions)
    {
        CoordinatedShutdown.Get(system).AddTask(
            CoordinatedShutdown.PhaseBeforeServiceUnbind, "stop-sources", () => StopSourcesAsync(board, sources));
        CoordinatedShutdown.Get(system).AddTask(
            CoordinatedShutdown.PhaseServiceRequestsDone, "write-snapshots", () => DrainAsync(system, keepers.Exchange, keepers.Turns));
        CoordinatedShutdown.Get(system).AddTask(
            CoordinatedShutdown.PhaseServiceStop, "stop-regions", () =>
            {
                foreach (var region in regions())
                {
                    system.Stop(region);
                }

                return Task.FromResult(Done.Instance);
            });
        system.RegisterOnTermination(() => board.Fail("the actor system has ended; restart the node"));
    }

    // All that is confirmed is in the slots then, and a restart reads next to nothing again.
    private static async Task<Done> DrainAsync(ActorSystem system, IActorRef? exchange, IActorRef turns)
    {
        try
        {
            if (exchange is not null)
            {
                await exchange.Ask<ShardExchange.Said>(ShardExchange.Say.Instance, s_drainTimeout);
            }

            await turns.Ask<FlushTurns.Drained>(FlushTurns.Drain.Instance, s_drainTimeout);
        }
        catch (AskTimeoutException)
        {
            system.Log.Warning(
                "not all snapshots were written within {0} s before the stop; the next start reads more of the log again",
                s_drainTimeout.TotalSeconds);
        }

        return Done.Instance;
    }

    private static async Task<Done> StopSourcesAsync(SourceBoard board, SourceDirectory sources)
    {
        board.Fail("the engine was stopped; restart the node");
        await sources.StopAsync(s_stopTimeout);
        return Done.Instance;
    }
}
