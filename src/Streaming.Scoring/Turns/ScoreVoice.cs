// Hot: every answer is made here.
using Streaming.Scoring.Circuits;
using Streaming.Scoring.Requests;
using Streaming.Scoring.ScoreLogs;

namespace Streaming.Scoring.Turns;

/// <summary>One version of a model as it answers: its score, text, counts and log entries belong together. Thread-safe.</summary>
internal sealed class ScoreVoice(
    Scorer scorer, RequestSchema schema, IScoreObserver observer, ScoreLogLane? log, ModelCircuit? circuit)
{
    private readonly ScoreAnswer _answer = new(schema, scorer);

    /// <summary>The version.</summary>
    public Scorer Scorer { get; } = scorer;

    /// <summary>Where its answers are logged; null for nowhere.</summary>
    public ScoreLogLane? Log { get; } = log;

    /// <summary>Scores what was read and writes the answer to the call's output.</summary>
    public void Answer(ScoreCall call)
    {
        call.Result = Score(call);
        if (call.Explain > 0 && !call.Result.IsFallback)
        {
            Scorer.Contributions?.Explain(call.Vector, call.Contributions);
        }

        _answer.Write(call);
    }

    /// <summary>Answers what is declared for when the entities could not be read.</summary>
    public void FallBack(ScoreCall call, FallbackCause cause)
    {
        call.Vector.AsSpan().Fill(float.NaN);
        call.Result = Scorer.FallBack(call.Request, 0, cause);
        _answer.Write(call);
    }

    private ScoreResult Score(ScoreCall call)
    {
        if (circuit is null)
        {
            return Scorer.Score(call.Request, 0, call.Values, call.Vector);
        }

        var pass = circuit.Begin(out var started);
        if (pass == CircuitPass.Refused)
        {
            Scorer.Service.Assemble(call.Values, call.Request, 0, call.Vector);
            return Scorer.FallBack(call.Request, 0, FallbackCause.ModelOpen);
        }

        var result = Scorer.Score(call.Request, 0, call.Values, call.Vector);
        circuit.End(pass, started, result.Cause == FallbackCause.ModelFailed);
        return result;
    }

    /// <summary>Counts and logs an answer.</summary>
    public void Note(ScoreCall call, TimeSpan latency, long answeredAtMillis)
    {
        observer.Scored(call.Name, call.AtMillis, call.Vector, call.Result, latency);
        Log?.Add(call, answeredAtMillis);
    }

    /// <summary>Counts and logs a copied answer; the log owns the entry from then on.</summary>
    public void Note(ScoreEntry entry, TimeSpan latency)
    {
        observer.Scored(entry.Text(schema.NameColumn), entry.AtMillis, entry.Vector, entry.Result, latency);
        Log?.Add(entry);
    }
}
