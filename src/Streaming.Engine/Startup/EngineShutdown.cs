using Akka;
using Akka.Actor;
using Streaming.Engine.Sources;

namespace Streaming.Engine.Startup;

/// <summary>How an engine ends: sources stop before their regions do, and the status says that it has ended.</summary>
internal static class EngineShutdown
{
    // Within the five seconds that coordinated shutdown gives a phase.
    private static readonly TimeSpan s_stopTimeout = TimeSpan.FromSeconds(4);

    /// <summary>
    /// Adds the engine's part to the coordinated shutdown of its actor system. Regions are stopped as they are: there is no other node to
    /// hand their entities over to, and a hand-over waits for all that is buffered for entities, which is much while history is read.
    /// </summary>
    public static void Register(ActorSystem system, SourceBoard board, SourceDirectory sources, Func<IEnumerable<IActorRef>> regions)
    {
        CoordinatedShutdown.Get(system).AddTask(
            CoordinatedShutdown.PhaseBeforeServiceUnbind, "stop-sources", () => StopSourcesAsync(board, sources));
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

    private static async Task<Done> StopSourcesAsync(SourceBoard board, SourceDirectory sources)
    {
        board.Fail("the engine was stopped; restart the node");
        await sources.StopAsync(s_stopTimeout);
        return Done.Instance;
    }
}
