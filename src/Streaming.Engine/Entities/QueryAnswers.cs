using Akka.Actor;

namespace Streaming.Engine.Entities;

/// <summary>Takes the answers to the queries that have left this process.</summary>
internal sealed class QueryAnswers(OpenQueries queries) : UntypedActor
{
    public static Props Props(OpenQueries queries) => Akka.Actor.Props.Create(() => new QueryAnswers(queries));

    protected override void PreStart() => queries.Answers = Self;

    protected override void OnReceive(object message)
    {
        if (message is EntityAnswer answer)
        {
            queries.Take(answer);
        }
        else
        {
            Unhandled(message);
        }
    }
}
