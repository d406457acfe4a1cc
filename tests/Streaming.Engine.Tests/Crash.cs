using Akka.Actor;
using Streaming.Engine.Deliveries;

namespace Streaming.Engine.Tests;

/// <summary>Ends entities as faults would.</summary>
internal static class Crash
{
    /// <summary>As an exception of its own does: the entity restarts and keeps its mailbox.</summary>
    public static void Restart(EntityHandle entity)
    {
        var actor = (IInternalActorRef)entity.Actor;
        actor.Suspend();
        actor.Restart(new InvalidOperationException("a test says so"));
    }
}
