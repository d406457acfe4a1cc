// Hot: the whole way from a request's bytes to its answer's bytes.
using System.Diagnostics;
using Microsoft.Extensions.ObjectPool;
using Streaming.Engine;
using Streaming.Features.Events;
using Streaming.Features.Language;
using Streaming.Features.Plans;
using Streaming.Features.Serving;
using Streaming.Features.State;
using Streaming.Scoring;

namespace Streaming.Node.Scoring;

/// <summary>
/// Scores requests against a feature store. Where the entities are in this node's memory everything happens at once on the caller's
/// thread; the fast lane and the route share it, so their answers are the same bytes. Thread-safe.
/// </summary>
internal sealed class ScoreService
{
    private const int Attempts = 4;
    private readonly IFeatureStore _store;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _futureTolerance;
    private readonly NodeMetrics _metrics;
    private readonly RecentScores _recent;
    private readonly ScoreAnswer _answer;
    private readonly DefaultObjectPool<ScoreCall> _calls;

    public ScoreService(NodeParts parts, NodeMetrics metrics, RecentScores recent)
    {
        _store = parts.Store;
        _metrics = metrics;
        _recent = recent;
        _clock = parts.Clock;
        _futureTolerance = parts.FutureTolerance;
        Scorer = parts.Champion;
        Schema = RequestSchema.For(Scorer.Service, Scorer.Definition.Request);
        _answer = new ScoreAnswer(Schema, Scorer);
        _calls = new(new CallPolicy(Schema, Scorer), 4 * Environment.ProcessorCount);
    }

    public Scorer Scorer { get; }

    /// <summary>Where answers are logged; null for nowhere. Set before the first request.</summary>
    public ScoreLog? Log { get; set; }

    public RequestSchema Schema { get; }

    public ScoreCall Rent() => _calls.Get();

    public void Return(ScoreCall call) => _calls.Return(call);

    /// <summary>
    /// What is wrong with the time of a parsed request: it is the event's that is to come, and one that the engine would set aside as from
    /// the future would be scored on windows which all that happened has left.
    /// </summary>
    public RequestFault? FaultOfTime(ScoreCall call)
    {
        var at = call.Schema.TimeColumn < 0 ? TimeColumn.Null : call.Request.Times(call.Schema.TimeColumn)[0];
        var newest = _store.NewestEventTime.Millis;
        if (at <= newest || at == TimeColumn.Null)
        {
            return null;
        }

        var now = Math.Max(newest, _clock.GetUtcNow().ToUnixTimeMilliseconds());
        var tolerance = (long)_futureTolerance.TotalMilliseconds;
        var name = call.Schema.Fields[call.Schema.TimeColumn].Name;
        return at <= now + tolerance ? null : new(
            RequestFaultKind.WrongTime,
            name,
            $"\"{name}\" is {new EventTime(at)}, more than {Duration.Format(tolerance)} (streaming.engine.future-tolerance) ahead of {new EventTime(now)}, the later of the clock and the newest event; leave it out to ask for now");
    }

    /// <summary>Reads those entities of a parsed request that are at hand. Anything but Done and TooOld means: <see cref="ReadAsync"/> asks the others.</summary>
    public ReadOutcome TryRead(ScoreCall call)
    {
        Begin(call);
        var entities = Scorer.Service.Entities;
        for (var i = 0; i < entities.Length; i++)
        {
            if (!TryKey(call, entities[i], out var key))
            {
                continue;
            }

            var outcome = ReadOutcome.Contended;
            for (var attempt = 0; attempt < Attempts && outcome == ReadOutcome.Contended; attempt++)
            {
                outcome = _store.TryRead(entities[i].Plan, key, call.AtMillis, call.Request, 0, call.Values);
            }

            if (outcome == ReadOutcome.TooOld)
            {
                call.FailedEntity = i;
                return outcome;
            }

            if (outcome != ReadOutcome.Done)
            {
                call.UnreadEntities |= 1UL << i;
            }
        }

        return call.UnreadEntities == 0 ? ReadOutcome.Done : ReadOutcome.NotHere;
    }

    /// <summary>
    /// Asks the entities that <see cref="TryRead"/> found not at hand, all at the same time. Where it throws, the engine may still use the call.
    /// </summary>
    /// <exception cref="TimeoutException">An entity did not answer in time.</exception>
    public async ValueTask<ReadOutcome> ReadAsync(ScoreCall call, CancellationToken cancellation)
    {
        var entities = Scorer.Service.Entities;
        var asked = new Task<ReadOutcome>[entities.Length];
        for (var i = 0; i < entities.Length; i++)
        {
            asked[i] = (call.UnreadEntities & (1UL << i)) != 0 && TryKey(call, entities[i], out var key)
                ? _store.ReadAsync(entities[i].Plan, key.ToArray(), call.AtMillis, call.Request, 0, call.Values, cancellation).AsTask()
                : Task.FromResult(ReadOutcome.Done);
        }

        var outcomes = await Task.WhenAll(asked);
        var failed = Array.FindIndex(outcomes, static outcome => outcome != ReadOutcome.Done);
        if (failed < 0)
        {
            return ReadOutcome.Done;
        }

        call.FailedEntity = failed;
        return outcomes[failed];
    }

    /// <summary>Scores what was read and writes the answer to the call's output.</summary>
    public void Answer(ScoreCall call)
    {
        // Again, after the reads: an entity may have gone in between, and was read empty.
        call.IsStale |= !_store.IsCaughtUp;
        call.Result = Scorer.Score(call.Request, 0, call.Values, call.Vector);
        _answer.Write(call);
    }

    /// <summary>Counts an answer that is on its way, with its latency since <see cref="Stopwatch.GetTimestamp"/> gave <paramref name="startedTicks"/>.</summary>
    public void Note(ScoreCall call, long startedTicks)
    {
        _metrics.Scored(call.Result, Stopwatch.GetElapsedTime(startedTicks));
        _recent.Add(call.Name, call.AtMillis, call.Result);
        Log?.Add(call);
    }

    /// <summary>A copy of an answered call, to be noted once it is known that the answer leaves.</summary>
    public ScoreEntry Copy(ScoreCall call)
    {
        var entry = new ScoreEntry(Schema, Scorer.Service.FeatureNames.Length);
        entry.Copy(call, _clock.GetUtcNow().ToUnixTimeMilliseconds());
        return entry;
    }

    /// <summary>Counts a copied answer that is on its way; the entry is not the caller's any more.</summary>
    public void Note(ScoreEntry entry, TimeSpan latency)
    {
        _metrics.Scored(entry.Result, latency);
        _recent.Add(entry.Text(Schema.NameColumn), entry.AtMillis, entry.Result);
        Log?.Add(entry);
    }

    private void Begin(ScoreCall call)
    {
        // Read first: what the entities know then is at least as new as what the answer claims.
        call.AsOf = _store.NewestEventTime;
        call.IsStale = !_store.IsCaughtUp;
        call.MissingEntities = 0;
        call.UnreadEntities = 0;
        var time = call.Schema.TimeColumn;
        var given = time < 0 ? TimeColumn.Null : call.Request.Times(time)[0];
        call.AtMillis = given != TimeColumn.Null ? given
            : call.AsOf != EventTime.None ? call.AsOf.Millis
            : _clock.GetUtcNow().ToUnixTimeMilliseconds();
        if (time >= 0)
        {
            // Features of the request's own time (its hour, its weekday) are those of the read: a model never trained on a request without.
            call.Request.Times(time)[0] = call.AtMillis;
        }

        var entities = Scorer.Service.Entities;
        for (var i = 0; i < entities.Length; i++)
        {
            if (!TryKey(call, entities[i], out _))
            {
                call.MissingEntities |= 1UL << i;
            }
        }

        if (call.MissingEntities != 0)
        {
            call.Values.AsSpan().Fill(new FeatureValue(double.NaN, null, FeatureStatus.Absent, long.MinValue));
        }
    }

    private static bool TryKey(ScoreCall call, ServiceRead entity, out ReadOnlySpan<byte> key)
    {
        key = entity.KeyField < 0 ? default : call.Request.Texts(entity.KeyField)[0];
        return !key.IsEmpty;
    }

    private sealed class CallPolicy(RequestSchema schema, Scorer scorer) : PooledObjectPolicy<ScoreCall>
    {
        public override ScoreCall Create() => new(schema, scorer);

        public override bool Return(ScoreCall obj)
        {
            obj.Trim();
            return true;
        }
    }
}
