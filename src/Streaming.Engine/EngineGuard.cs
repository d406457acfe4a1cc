using Akka.Actor;
using Akka.Event;
using Streaming.Engine.Sources;

namespace Streaming.Engine;

/// <summary>
/// Watches the parts without which the engine is none: regions and sources. Nothing here brings one back, so an engine that has lost
/// one is at its end: the board says so, and the process is to be started again.
/// </summary>
internal sealed class EngineGuard(SourceBoard board, SourceDirectory sources) : UntypedActor
{
    private readonly ILoggingAdapter _log = Context.GetLogger();

    public static Props Props(SourceBoard board, SourceDirectory sources) => Akka.Actor.Props.Create(() => new EngineGuard(board, sources));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Watch watch:
                Context.WatchWith(watch.Part, new Gone(watch.Name));
                break;
            case Gone gone when !sources.IsStopping:
                _log.Error("{0} is gone: the engine cannot go on; restart the node", gone.Name);
                board.Fail($"{gone.Name} is gone; restart the node");
                break;
        }
    }

    /// <summary>Asks that a part be watched.</summary>
    /// <param name="Part">The part.</param>
    /// <param name="Name">What it is, for people.</param>
    public sealed record Watch(IActorRef Part, string Name) : INoSerializationVerificationNeeded;

    private sealed record Gone(string Name) : INoSerializationVerificationNeeded;
}
