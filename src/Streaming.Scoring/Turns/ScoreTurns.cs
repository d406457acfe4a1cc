// Hot: a turn is borrowed per request.
using Microsoft.Extensions.ObjectPool;
using Streaming.Features.Serving;
using Streaming.Scoring.Circuits;
using Streaming.Scoring.Requests;
using Streaming.Scoring.ScoreLogs;

namespace Streaming.Scoring.Turns;

/// <summary>
/// Lends the turns in which requests are scored by one version of a model, and holds what they share. After <see cref="Retire"/> no turn
/// begins, and the version is disposed of when the last one has ended. Thread-safe.
/// </summary>
public sealed class ScoreTurns
{
    private readonly IAnswerSampler? _sampler;
    private readonly TimeProvider _clock;
    private readonly ScoreVoice _voice;
    private readonly DefaultObjectPool<ScoreTurn> _free;
    private int _users = 1;
    private int _retired;

    /// <param name="store">Features from memory.</param>
    /// <param name="scorer">The model that answers.</param>
    /// <param name="schema">What its requests look like.</param>
    /// <param name="futureTolerance">How far a request's time may be ahead of both the clock and the newest event.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="observer">Sees every answer that leaves.</param>
    /// <param name="log">Where answers are logged; null for nowhere.</param>
    /// <param name="sampler">Draws answers that are compared with the log; null for none.</param>
    /// <param name="circuits">Keep requests from what fails; null for none.</param>
    public ScoreTurns(
        IFeatureStore store,
        Scorer scorer,
        RequestSchema schema,
        TimeSpan futureTolerance,
        TimeProvider clock,
        IScoreObserver observer,
        ScoreLogLane? log,
        IAnswerSampler? sampler = null,
        ScoreCircuits? circuits = null)
    {
        (Scorer, Schema, _clock, _sampler) = (scorer, schema, clock, sampler);
        Reads = new(store, scorer.Service, clock, sampler, circuits?.Entities);
        Circuit = scorer.HasModel ? circuits?.NewModel() : null;
        Time = new(store, futureTolerance, clock);
        _voice = new(scorer, schema, observer, log, Circuit);
        _free = new(new TurnPolicy(this), 4 * Environment.ProcessorCount);
    }

    /// <summary>The version that answers.</summary>
    public Scorer Scorer { get; }

    internal RequestSchema Schema { get; }

    /// <summary>Who answers for some entities, or scores beside; null for none. Set before the first turn.</summary>
    internal IChallengers? Challengers { get; set; }

    /// <summary>Keeps requests from the model while it fails; null for none.</summary>
    internal ModelCircuit? Circuit { get; }

    /// <summary>Where the version's answers are logged; null for nowhere.</summary>
    internal ScoreLogLane? Log => _voice.Log;

    internal EntityReads Reads { get; }

    internal TimeRule Time { get; }

    /// <summary>A turn, to be disposed of when its request has ended; the latency of its answer counts from here.</summary>
    /// <exception cref="ObjectDisposedException">The version is retired.</exception>
    public ScoreTurn Begin()
    {
        var turn = TryBegin();
        ObjectDisposedException.ThrowIf(turn is null, this);
        return turn;
    }

    /// <summary>As <see cref="Begin"/>; null where the version is retired.</summary>
    public ScoreTurn? TryBegin()
    {
        if (!TryEnter())
        {
            return null;
        }

        var turn = _free.Get();
        turn.Begin();
        return turn;
    }

    /// <summary>No turn begins any more.</summary>
    public void Retire()
    {
        if (Interlocked.Exchange(ref _retired, 1) == 0)
        {
            Leave();
        }
    }

    /// <summary>Takes a turn back that has ended.</summary>
    internal void Return(ScoreTurn turn, bool isLost)
    {
        if (!isLost)
        {
            _free.Return(turn);
        }

        Leave();
    }

    /// <summary>Scores what was read and writes the answer to the call's output.</summary>
    /// <returns>The version that answered: this one, or a challenger's.</returns>
    internal ScoreVoice Answer(ScoreCall call)
    {
        Reads.End(call);
        var guest = Challengers?.TryEnterCanary(EntityReads.FirstKey(call, Scorer.Service));
        var voice = guest?._voice ?? _voice;
        try
        {
            voice.Answer(call);
        }
        finally
        {
            guest?.Leave();
        }

        if (call.Sample is { } sample)
        {
            Give(call, voice.Scorer, sample);
        }

        return voice;
    }

    /// <summary>Answers what is declared for when the entities could not be read.</summary>
    internal ScoreVoice FallBack(ScoreCall call, FallbackCause cause)
    {
        call.IsStale = true;
        _voice.FallBack(call, cause);
        return _voice;
    }

    /// <summary>Counts and logs an answer.</summary>
    internal void Note(ScoreCall call, ScoreVoice voice, TimeSpan latency)
    {
        var answeredAt = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        voice.Note(call, latency, answeredAt);
        if (voice == _voice && !call.Result.IsFallback)
        {
            Challengers?.Offer(call, answeredAt);
        }
    }

    /// <summary>Counts and logs a copied answer; the log owns the entry from then on.</summary>
    internal void Note(ScoreEntry entry, ScoreVoice voice, TimeSpan latency)
    {
        if (voice == _voice && !entry.Result.IsFallback)
        {
            Challengers?.Offer(entry);
        }

        voice.Note(entry, latency);
    }

    /// <summary>A copy of an answered call, to be counted and logged when the answer is sent.</summary>
    internal ScoreEntry Copy(ScoreCall call)
    {
        var entry = new ScoreEntry(Schema, Scorer.Service);
        entry.Copy(call, _clock.GetUtcNow().ToUnixTimeMilliseconds());
        return entry;
    }

    /// <summary>Counts a turn, unless the version is retired and unused.</summary>
    internal bool TryEnter()
    {
        var users = Volatile.Read(ref _users);
        while (users > 0)
        {
            var seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
            {
                return true;
            }

            users = seen;
        }

        return false;
    }

    /// <summary>A turn has ended.</summary>
    internal void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            Scorer.Dispose();
        }
    }

    private void Give(ScoreCall call, Scorer scorer, AnswerSample sample)
    {
        if (sample.Skip is { } reason)
        {
            _sampler!.Skip(reason);
            return;
        }

        var (request, values) = (call.CopyRequest(), call.Values.ToArray());
        var score = new SampledScore(scorer, request, values, [.. call.Vector], call.Result);
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
