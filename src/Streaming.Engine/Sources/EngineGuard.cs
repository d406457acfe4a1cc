using Akka.Actor;
using Akka.Event;

namespace Streaming.Engine.Sources;

/// <summary>
/// Watches the parts that the engine cannot do without: regions and keepers. A lost part is not restarted: the board reports that the
/// engine has failed, and the node must be restarted. Sources are started again (<see cref="SourceStarter"/>).
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
                Context.WatchWith(watch.Part, new PartLost(watch.Name));
                break;
            case PartLost lost when !sources.IsStopping:
                _log.Error("{0} has stopped: the engine cannot continue; restart the node", lost.Name);
                board.Fail($"{lost.Name} has stopped; restart the node");
                break;
        }
    }

    /// <summary>Watches a part.</summary>
    /// <param name="Part">The part.</param>
    /// <param name="Name">Its name, for messages.</param>
    public sealed record Watch(IActorRef Part, string Name) : INoSerializationVerificationNeeded;

    private sealed record PartLost(string Name) : INoSerializationVerificationNeeded;
}
