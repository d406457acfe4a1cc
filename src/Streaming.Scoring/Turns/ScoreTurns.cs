// Hot: a turn is borrowed per request.
using Microsoft.Extensions.ObjectPool;
using Streaming.Features.Serving;
using Streaming.Scoring.Requests;
using Streaming.Scoring.ScoreLogs;

namespace Streaming.Scoring.Turns;

/// <summary>Lends the turns in which requests are scored, and holds what they share. Thread-safe.</summary>
public sealed class ScoreTurns
{
    private readonly IScoreObserver _observer;
    private readonly ScoreLog? _log;
    private readonly IAnswerSampler? _sampler;
    private readonly TimeProvider _clock;
    private readonly ScoreAnswer _answer;
    private readonly DefaultObjectPool<ScoreTurn> _free;

    /// <param name="store">Features from memory.</param>
    /// <param name="scorer">The model that answers.</param>
    /// <param name="schema">What its requests look like.</param>
    /// <param name="futureTolerance">How far a request's time may be ahead of both the clock and the newest event.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="observer">Sees every answer that leaves.</param>
    /// <param name="log">Where answers are logged; null for nowhere.</param>
    /// <param name="sampler">Draws answers that are compared with the log; null for none.</param>
    public ScoreTurns(
        IFeatureStore store,
        Scorer scorer,
        RequestSchema schema,
        TimeSpan futureTolerance,
        TimeProvider clock,
        IScoreObserver observer,
        ScoreLog? log,
        IAnswerSampler? sampler = null)
    {
        (Scorer, Schema, _clock, _observer, _log, _sampler) = (scorer, schema, clock, observer, log, sampler);
        Reads = new(store, scorer.Service, clock, sampler);
        Time = new(store, futureTolerance, clock);
        _answer = new(schema, scorer);
        _free = new(new TurnPolicy(this), 4 * Environment.ProcessorCount);
    }

    internal Scorer Scorer { get; }

    internal RequestSchema Schema { get; }

    internal EntityReads Reads { get; }

    internal TimeRule Time { get; }

    /// <summary>A turn, to be disposed of when its request has ended; the latency of its answer counts from here.</summary>
    public ScoreTurn Begin()
    {
        var turn = _free.Get();
        turn.Begin();
        return turn;
    }

    internal void Return(ScoreTurn turn) => _free.Return(turn);

    /// <summary>Scores what was read and writes the answer to the call's output.</summary>
    internal void Answer(ScoreCall call)
    {
        Reads.End(call);
        call.Result = Scorer.Score(call.Request, 0, call.Values, call.Vector);
        _answer.Write(call);
        if (call.Sample is { } sample)
        {
            Give(call, sample);
        }
    }

    /// <summary>Counts and logs an answer.</summary>
    internal void Note(ScoreCall call, TimeSpan latency)
    {
        _observer.Scored(call.Name, call.AtMillis, call.Vector, call.Result, latency);
        _log?.Add(call);
    }

    /// <summary>Counts and logs a copied answer; the log owns the entry from then on.</summary>
    internal void Note(ScoreEntry entry, TimeSpan latency)
    {
        _observer.Scored(entry.Text(Schema.NameColumn), entry.AtMillis, entry.Vector, entry.Result, latency);
        _log?.Add(entry);
    }

    /// <summary>A copy of an answered call, to be counted and logged when the answer is sent.</summary>
    internal ScoreEntry Copy(ScoreCall call)
    {
        var entry = new ScoreEntry(Schema, Scorer.Service);
        entry.Copy(call, _clock.GetUtcNow().ToUnixTimeMilliseconds());
        return entry;
    }

    private void Give(ScoreCall call, AnswerSample sample)
    {
        if (sample.Skip is { } reason)
        {
            _sampler!.Skip(reason);
            return;
        }

        var (request, values) = (call.CopyRequest(), call.Values.ToArray());
        var score = new SampledScore(request, values, [.. call.Vector], call.Result);
        _sampler!.Add(new SampledAnswer(sample.Reads(call.AtMillis, request, values), score));
    }

    private sealed class TurnPolicy(ScoreTurns turns) : PooledObjectPolicy<ScoreTurn>
    {
        public override ScoreTurn Create() => new(turns);

        public override bool Return(ScoreTurn obj)
        {
            obj.Trim();
            return true;
        }
    }
}
