// Hot: the whole way from a request's bytes to its answer's bytes.
using System.Diagnostics;
using System.Text.Json;
using Streaming.Features.Events;
using Streaming.Features.State;
using Streaming.Scoring.Requests;
using Streaming.Scoring.ScoreLogs;

namespace Streaming.Scoring.Turns;

/// <summary>
/// One request on its way to its answer: <see cref="Try(ReadOnlySpan{byte})"/>, <see cref="AskAsync"/> if entities are not in memory
/// here, then
/// <see cref="Note"/> when the answer leaves, and <see cref="Dispose"/>. Every route scores by it. Where all entities are in this node's
/// memory it neither waits nor allocates. Belongs to one request at a time.
/// </summary>
public sealed class ScoreTurn : IDisposable
{
    private readonly ScoreTurns _turns;
    private ScoreCall _call;
    private readonly List<(ScoreEntry Entry, ScoreVoice Voice, TimeSpan Latency)> _kept = [];
    private ScoreVoice? _voice;
    private long _begunTicks;
    private long _startedTicks;
    private bool _isLost;

    internal ScoreTurn(ScoreTurns turns)
    {
        _turns = turns;
        _call = new(turns.Schema, turns.Scorer);
    }

    /// <summary>
    /// The answer's JSON, after <see cref="TurnOutcome.Answered"/>; valid until the next request of the turn, or its end.
    /// </summary>
    public ReadOnlySpan<byte> Answer => _call.Output.Written;

    /// <summary>What is in <see cref="Answer"/>.</summary>
    public ScoreResult Result => _call.Result;

    /// <summary>The version that answers, <c>name@version</c>.</summary>
    public string ModelId => _turns.Scorer.ModelId;

    /// <summary>What is wrong with the request, after <see cref="TurnOutcome.Refused"/>.</summary>
    public RequestFault? Fault { get; private set; }

    /// <summary>
    /// The type of the entity whose state does not reach back so far, after <see cref="TurnOutcome.TooOld"/>.
    /// </summary>
    public string FailedEntity => _turns.Scorer.Service.Entities[_call.FailedEntity].Plan.Entity.Name;

    /// <summary>The event time of the read.</summary>
    public EventTime At => new(_call.AtMillis);

    /// <summary>The field of a request that says its time; null for none.</summary>
    public string? TimeField => _call.Schema.TimeColumn < 0 ? null : _call.Schema.Fields[_call.Schema.TimeColumn].Name;

    /// <summary>How many contributions each answer of the turn has; at first what the model declares.</summary>
    public int Explain
    {
        get => _call.Explain;
        set => _call.Explain = value;
    }

    /// <summary>Parses a request, a whole body that is one object, and scores it if its entities are in memory here.</summary>
    public TurnOutcome Try(ReadOnlySpan<byte> json) => Try(RequestParser.Parse(json, OwnCall()));

    /// <summary>
    /// As <see cref="Try(ReadOnlySpan{byte})"/>, of the object at which a reader stands; leaves the reader at the object's end.
    /// </summary>
    /// <param name="reader">Set to <see cref="RequestParser.Options"/>.</param>
    /// <param name="jsonBytes">The length of all that is read, at least that of the object.</param>
    /// <exception cref="JsonException">It is not JSON.</exception>
    /// <exception cref="InvalidOperationException">A name in it is not valid text.</exception>
    public TurnOutcome Try(ref Utf8JsonReader reader, int jsonBytes) => Try(RequestParser.ParseObject(ref reader, jsonBytes, OwnCall()));

    /// <summary>How long the request may take, from <see cref="ScoreTurns.Begin"/> on; infinite for no bound of its own.</summary>
    public TimeSpan Budget { get; set; } = Timeout.InfiniteTimeSpan;

    /// <summary>
    /// Asks the entities that were <see cref="TurnOutcome.Unread"/>, and scores. Where one fails, or the budget is spent, the declared
    /// fallback is the answer.
    /// </summary>
    public async ValueTask<TurnOutcome> AskAsync(CancellationToken cancellation)
    {
        // The store may write to the call until the entities have answered. If the wait ends earlier, the call is not reused.
        _isLost = true;
        var (outcome, cause) = await _turns.Reads.AskAsync(_call, Remaining(), cancellation).ConfigureAwait(false);
        if (cause != FallbackCause.None)
        {
            _voice = _turns.FallBack(_call, cause);
            return TurnOutcome.Answered;
        }

        _isLost = false;
        return Answered(outcome == ReadOutcome.TooOld ? TurnOutcome.TooOld : TurnOutcome.Answered);
    }

    /// <summary>Counts and logs the answer, when it is sent.</summary>
    public void Note() => _turns.Note(_call, _voice!, Stopwatch.GetElapsedTime(_startedTicks));

    /// <summary>
    /// Keeps a copy of the answer, which is sent together with others or not at all, and begins the next request.
    /// </summary>
    public void Keep()
    {
        _kept.Add((_turns.Copy(_call), _voice!, Stopwatch.GetElapsedTime(_startedTicks)));
        _startedTicks = Stopwatch.GetTimestamp();
    }

    /// <summary>Counts and logs the answers that were kept.</summary>
    public void NoteKept()
    {
        foreach (var (entry, voice, latency) in _kept)
        {
            _turns.Note(entry, voice, latency);
        }

        _kept.Clear();
    }

    /// <summary>Ends the turn.</summary>
    public void Dispose()
    {
        _turns.Return(this, _isLost);
    }

    internal void Begin()
    {
        Fault = null;
        Budget = Timeout.InfiniteTimeSpan;
        _startedTicks = _begunTicks = Stopwatch.GetTimestamp();
        _call.Explain = _turns.Scorer.Definition.Explain.Top;
    }

    internal void Trim()
    {
        _kept.Clear();
        _kept.TrimExcess();
        _call.Trim();
    }

    // An entity that was not waited for may still write to the call of the request before.
    private ScoreCall OwnCall()
    {
        if (_isLost)
        {
            _call = new(_turns.Schema, _turns.Scorer) { Explain = _call.Explain };
            _isLost = false;
        }

        return _call;
    }

    private TimeSpan Remaining() =>
        Budget == Timeout.InfiniteTimeSpan ? Budget : Budget - Stopwatch.GetElapsedTime(_begunTicks);

    private TurnOutcome Try(RequestFault? fault)
    {
        Fault = fault ?? _turns.Time.FaultOf(_call);
        return Fault is null ? Answered(_turns.Reads.TryRead(_call)) : TurnOutcome.Refused;
    }

    private TurnOutcome Answered(TurnOutcome outcome)
    {
        if (outcome == TurnOutcome.Answered)
        {
            _voice = _turns.Answer(_call);
        }

        return outcome;
    }
}
