// Hot: a turn is begun here per request.
using Streaming.Scoring.Definitions;
using Streaming.Scoring.Requests;
using Streaming.Scoring.Turns;

namespace Streaming.Scoring.Serving;

/// <summary>
/// A declared model, and the version of it that answers. A request that has begun ends with the version that it began with. Thread-safe.
/// </summary>
public sealed class ModelSlot
{
    private ServedModel _active;
    private long _swaps;

    internal ModelSlot(RequestSchema schema, ServedModel first) => (Schema, _active) = (schema, first);

    /// <summary>The model's name.</summary>
    public string Name => Definition.Name;

    /// <summary>The version that answers, as declared: its file is the one that was loaded last.</summary>
    public ModelDefinition Definition => Active.Scorer.Definition;

    /// <summary>What requests look like, the same for all versions.</summary>
    public RequestSchema Schema { get; }

    /// <summary>The version that answers.</summary>
    public ServedModel Active => Volatile.Read(ref _active);

    /// <summary>How often another version took over.</summary>
    public long Swaps => Interlocked.Read(ref _swaps);

    /// <summary>Begins a request, of the version that answers now, to its end.</summary>
    public ScoreTurn Begin()
    {
        while (true)
        {
            // A version that was retired since it was read has a successor already.
            if (Active.TryBegin() is { } turn)
            {
                return turn;
            }
        }
    }

    /// <summary>Another version answers from now on. For one caller at a time.</summary>
    /// <returns>The one that answered before, not yet retired.</returns>
    internal ServedModel Exchange(ServedModel successor)
    {
        Interlocked.Increment(ref _swaps);
        return Interlocked.Exchange(ref _active, successor);
    }
}
