using Streaming.Scoring.Drift;
using Streaming.Scoring.Requests;
using Streaming.Scoring.Turns;

namespace Streaming.Scoring.Serving;

/// <summary>One version of a model while it answers, with the counts of its answers. Thread-safe.</summary>
public sealed class ServedModel
{
    /// <summary>Parts of the window of <see cref="Drift"/>.</summary>
    public const int DriftPanes = 12;

    private readonly ScoreTurns _turns;

    /// <param name="scorer">The version.</param>
    /// <param name="schema">What its requests look like.</param>
    /// <param name="since">When it began to answer.</param>
    /// <param name="turns">Makes its turns, once.</param>
    internal ServedModel(Scorer scorer, RequestSchema schema, DateTimeOffset since, Func<ServedModel, ScoreTurns> turns)
    {
        (Scorer, Schema, Since) = (scorer, schema, since);
        Drift = scorer.Baseline.IsEmpty ? null : new LiveHistograms(scorer.Baseline, DriftPanes);
        _turns = turns(this);
    }

    /// <summary>The version.</summary>
    public Scorer Scorer { get; }

    /// <summary>What its requests look like.</summary>
    public RequestSchema Schema { get; }

    /// <summary>When it began to answer.</summary>
    public DateTimeOffset Since { get; }

    /// <summary>What it was asked, in the cells of its training; null where its file does not say how training was.</summary>
    public LiveHistograms? Drift { get; }

    /// <summary>What it answered.</summary>
    public AnswerCounts Counts { get; } = new();

    /// <summary>Begins a request; null where the version is retired.</summary>
    internal ScoreTurn? TryBegin() => _turns.TryBegin();

    /// <summary>No request begins any more; the model is disposed of when the last one has ended.</summary>
    internal void Retire() => _turns.Retire();
}
