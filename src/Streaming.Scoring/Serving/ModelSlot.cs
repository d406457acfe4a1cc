// Hot: a turn is begun here per request.
using System.Collections.Immutable;
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
    private Challengers? _challengers;

    internal ModelSlot(RequestSchema schema, ServedModel first) => (Schema, _active) = (schema, first);

    /// <summary>The model's name.</summary>
    public string Name => Definition.Name;

    /// <summary>The version that answers, as declared: its file is the one that was loaded last.</summary>
    public ModelDefinition Definition => Active.Scorer.Definition;

    /// <summary>What requests look like, the same for all versions.</summary>
    public RequestSchema Schema { get; }

    /// <summary>The version that answers.</summary>
    public ServedModel Active => Volatile.Read(ref _active);

    /// <summary>The version before it, while the one that answers is watched; else null.</summary>
    public ServedModel? Before { get; internal set; }

    /// <summary>How often another version took over.</summary>
    public long Swaps => Interlocked.Read(ref _swaps);

    /// <summary>The models beside it; empty for none.</summary>
    public ImmutableArray<Challenger> Challengers { get; private set; } = [];

    /// <summary>Begins a request, of the version that answers now, to its end.</summary>
    public ScoreTurn Begin()
    {
        while (true)
        {
            // A version that was retired since it was read has a successor already.
            if (Active.Turns.TryBegin() is { } turn)
            {
                return turn;
            }
        }
    }

    /// <summary>Puts challengers beside it. Once, before the first request.</summary>
    internal void Challenge(ImmutableArray<Challenger> challengers, ShadowScores shadow)
    {
        Challengers = challengers;
        _challengers = challengers.IsEmpty ? null : new(challengers, shadow);
        Active.Turns.Challengers = _challengers;
    }

    /// <summary>Another version of it, which does not answer yet.</summary>
    internal ServedModel Version(Scorer scorer, DateTimeOffset since, Func<ServedModel, ScoreTurns> turns) =>
        new(scorer, Schema, since, turns, _challengers);

    /// <summary>The version that answers now, which is not disposed of before the caller has left its turns.</summary>
    internal ServedModel Enter()
    {
        while (true)
        {
            var active = Active;
            if (active.Turns.TryEnter())
            {
                return active;
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
