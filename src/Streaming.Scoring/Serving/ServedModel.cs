using Streaming.Scoring.Circuits;
using Streaming.Scoring.Drift;
using Streaming.Scoring.Requests;
using Streaming.Scoring.Turns;

namespace Streaming.Scoring.Serving;

/// <summary>One version of a model while it answers, with the counts of its answers. Thread-safe.</summary>
public sealed class ServedModel
{
    /// <summary>Parts of the window of <see cref="Drift"/>.</summary>
    public const int DriftPanes = 12;

    /// <param name="scorer">The version.</param>
    /// <param name="schema">What its requests look like.</param>
    /// <param name="since">When it began to answer.</param>
    /// <param name="turns">Makes its turns, once.</param>
    /// <param name="challengers">Its challengers; null for none, or if it is one itself.</param>
    internal ServedModel(
        Scorer scorer, RequestSchema schema, DateTimeOffset since, Func<ServedModel, ScoreTurns> turns, Challengers? challengers)
    {
        (Scorer, Schema, Since) = (scorer, schema, since);
        Drift = scorer.Baseline.IsEmpty ? null : new LiveHistograms(scorer.Baseline, DriftPanes);
        Turns = turns(this);
        Turns.Challengers = challengers;
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

    /// <summary>Keeps requests from the model while it fails; null where there is none.</summary>
    public ModelCircuit? Circuit => Turns.Circuit;

    /// <summary>How it compares with its champion, where it is a challenger.</summary>
    public ShadowCounts Shadow { get; } = new();

    /// <summary>The turns in which it scores.</summary>
    internal ScoreTurns Turns { get; }
}
