using Akka;
using Akka.Actor;
using Streaming.Engine.Sources;

namespace Streaming.Engine.Startup;

/// <summary>How an engine ends: sources stop before their regions do, and the status says that it has ended.</summary>
internal static class EngineShutdown
{
    // Within the five seconds that coordinated shutdown gives a phase.
    private static readonly TimeSpan s_stopTimeout = TimeSpan.FromSeconds(4);

    /// <summary>Adds the engine's part to the coordinated shutdown of its actor system.</summary>
    public static void Register(ActorSystem system, SourceBoard board, SourceDirectory sources)
    {
        CoordinatedShutdown.Get(system).AddTask(
            CoordinatedShutdown.PhaseBeforeServiceUnbind, "stop-sources", () => StopSourcesAsync(board, sources));
        system.RegisterOnTermination(() => board.Fail("the actor system has ended; restart the node"));
    }

    private static async Task<Done> StopSourcesAsync(SourceBoard board, SourceDirectory sources)
    {
        board.Fail("the engine was stopped; restart the node");
        await sources.StopAsync(s_stopTimeout);
        return Done.Instance;
    }
}
