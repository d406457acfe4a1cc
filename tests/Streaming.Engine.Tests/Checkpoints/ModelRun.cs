using Streaming.Engine.Checkpoints;

namespace Streaming.Engine.Tests.Checkpoints;

/// <summary>A run of a source.</summary>
internal sealed class ModelRun(RunStart start, int losses)
{
    private readonly HashSet<int> _confirmed = [];
    private readonly int[] _previous = new int[ModelLog.Entities];

    public RunStart Start { get; } = start;

    /// <summary>How many losses its partition had when it began: it repairs no later ones.</summary>
    public int Losses { get; } = losses;

    public int Next { get; private set; } = (int)start.Offset;

    public int Confirmed { get; private set; } = (int)start.Offset;

    /// <summary>The next event for an entity: the result is its end of the chain before.</summary>
    public int Deliver(int entity)
    {
        var previous = _previous[entity];
        _previous[entity] = ++Next;
        return previous;
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
