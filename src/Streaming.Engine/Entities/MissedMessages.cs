using Akka.Actor;
using Akka.Event;
using Streaming.Engine.Deliveries;

namespace Streaming.Engine.Entities;

/// <summary>
/// What was sent to an entity that had just left memory goes to the next one of its key: a delivery through the region, a read back to
/// its caller. Without it the source would wait for its time-out, and so would the caller.
/// </summary>
internal sealed class MissedMessages(EntityTable entities, IEntityLossListener losses) : UntypedActor
{
    public static Props Props(EntityTable entities, IEntityLossListener losses) =>
        Akka.Actor.Props.Create(() => new MissedMessages(entities, losses));

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(DeadLetter));

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        switch ((message as DeadLetter)?.Message)
        {
            case Delivery delivery when !losses.IsStopping && delivery.Missed() is { } again:
                entities[delivery.Feed.Entity].Region.Tell(again, ActorRefs.NoSender);
                break;
            case IEntityQuery query:
                query.AnswerGone();
                break;
        }
    }
}
