using Akka.Actor;

namespace Streaming.Engine.Sources;

/// <summary>
/// Has stopped sources started again, until the node stops or the engine has failed. Sharding starts an entity only for a message to
/// it, and a source gets none from outside.
/// </summary>
internal sealed class SourceKeepAlive(SourceStarter starter, SourceDirectory sources, SourceBoard board, TimeSpan interval)
    : UntypedActor, IWithTimers
{
    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(SourceStarter starter, SourceDirectory sources, SourceBoard board, TimeSpan interval) =>
        Akka.Actor.Props.Create(() => new SourceKeepAlive(starter, sources, board, interval));

    protected override void PreStart() => Timers.StartPeriodicTimer(Look.Instance, Look.Instance, interval);

    protected override void OnReceive(object message)
    {
        if (!sources.IsStopping && board.Fault is null)
        {
            starter.EnsureAll();
        }
    }

    private sealed record Look : INoSerializationVerificationNeeded
    {
        public static readonly Look Instance = new();
    }
}
