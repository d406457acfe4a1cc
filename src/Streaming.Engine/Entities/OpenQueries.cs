using System.Collections.Concurrent;
using Akka.Actor;

namespace Streaming.Engine.Entities;

/// <summary>The queries that have left this process and wait for their answers, by number. Thread-safe.</summary>
internal sealed class OpenQueries
{
    private readonly ConcurrentDictionary<long, ReadEntity> _queries = new();
    private volatile IActorRef _answers = ActorRefs.Nobody;
    private long _last;

    /// <summary>Takes the answers (<see cref="QueryAnswers"/>).</summary>
    public IActorRef Answers
    {
        get => _answers;
        set => _answers = value;
    }

    /// <summary>How many wait.</summary>
    public int Count => _queries.Count;

    /// <summary>A query leaves the process: its answer will come as a message.</summary>
    /// <returns>Its number; the same one if it leaves again.</returns>
    public long Open(ReadEntity query)
    {
        if (query.Number == 0)
        {
            query.Number = Interlocked.Increment(ref _last);
            _queries[query.Number] = query;
            if (!query.IsWaiting)
            {
                // Withdrawn before it left: its caller found nothing to close.
                Close(query);
            }
        }

        return query.Number;
    }

    /// <summary>An answer came. Where nobody waits for it any more, there is nothing to do.</summary>
    public void Take(EntityAnswer answer)
    {
        if (_queries.TryRemove(answer.Query, out var query))
        {
            query.Take(answer);
        }
    }

    /// <summary>Nobody waits for the answer any more.</summary>
    public void Close(ReadEntity query)
    {
        if (query.Number != 0)
        {
            _queries.TryRemove(query.Number, out _);
        }
    }
}
