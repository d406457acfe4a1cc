using Streaming.Engine.Checkpoints;

namespace Streaming.Engine.Tests.Checkpoints;

/// <summary>A run of a source.</summary>
internal sealed class ModelRun(RunStart start, RunBasis basis)
{
    private readonly HashSet<int> _confirmed = [];
    private readonly int[] _previous = new int[ModelLog.Entities];

    public RunStart Start { get; } = start;

    /// <summary>The shards as they were when it began.</summary>
    public RunBasis Basis { get; } = basis;

    public int Next { get; private set; } = (int)start.Offset;

    public int Confirmed { get; private set; } = (int)start.Offset;

    /// <summary>The next event for an entity: the result is its end of the chain before.</summary>
    /// <param name="entity">The entity.</param>
    /// <param name="trimmed">What ends before it is forgotten: all slots have it.</param>
    public int Deliver(int entity, long trimmed)
    {
        var previous = _previous[entity];
        _previous[entity] = ++Next;
        return previous <= trimmed ? 0 : previous;
    }

    public void Confirm(int offset)
    {
        _confirmed.Add(offset);
        while (_confirmed.Remove(Confirmed))
        {
            Confirmed++;
        }
    }
}
