// Hot: reads the entities of every request.
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Features.Serving;
using Streaming.Features.State;
using Streaming.Scoring.Circuits;
using Streaming.Scoring.Requests;

namespace Streaming.Scoring.Turns;

/// <summary>Reads the entities that a parsed request names. Thread-safe.</summary>
internal sealed class EntityReads(
    IFeatureStore store, ServicePlan service, TimeProvider clock, IAnswerSampler? sampler, EntityCircuits? circuits)
{
    private const int Attempts = 4;

    // A circuit that does not open: the share is out of reach.
    private static readonly CircuitSettings s_never =
        new(1, int.MaxValue, TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));

    private readonly EntityCircuits _circuits = circuits ?? new(s_never, clock, static (_, _) => { });

    /// <summary>Reads the entities that are in this process's memory, on the caller's thread.</summary>
    public TurnOutcome TryRead(ScoreCall call)
    {
        Begin(call);
        call.Sample = sampler?.Draw();
        var entities = service.Entities;
        for (var i = 0; i < entities.Length; i++)
        {
            if (!TryKey(call, entities[i], out var key))
            {
                continue;
            }

            call.Sample?.Pin(entities[i].Plan, key);
            var outcome = TryRead(call, i, key);

            if (outcome == ReadOutcome.TooOld)
            {
                call.FailedEntity = i;
                return TurnOutcome.TooOld;
            }

            if (outcome != ReadOutcome.Done)
            {
                call.UnreadEntities |= 1UL << i;
            }
        }

        return call.UnreadEntities == 0 ? TurnOutcome.Answered : TurnOutcome.Unread;
    }

    /// <summary>
    /// Asks the entities that <see cref="TryRead(ScoreCall)"/> could not read, all at the same time. Unless all are
    /// <see cref="ReadOutcome.Done"/>, the store may still use the call.
    /// </summary>
    /// <param name="call">The call.</param>
    /// <param name="budget">How long to wait at the most; infinite for as long as the store does.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async ValueTask<EntityAnswer> AskAsync(ScoreCall call, TimeSpan budget, CancellationToken cancellation)
    {
        if (budget != Timeout.InfiniteTimeSpan && budget <= TimeSpan.Zero)
        {
            return new(ReadOutcome.NotHere, FallbackCause.Budget);
        }

        var entities = service.Entities;
        var asked = new Task<EntityAnswer>[entities.Length];
        for (var i = 0; i < entities.Length; i++)
        {
            asked[i] = (call.UnreadEntities & (1UL << i)) != 0 && TryKey(call, entities[i], out var key)
                ? AskAsync(call, entities[i], key.ToArray(), cancellation)
                : Task.FromResult(new EntityAnswer(ReadOutcome.Done, FallbackCause.None));
        }

        try
        {
            var worst = WorstOf(call, await Task.WhenAll(asked).WaitAsync(budget, clock, cancellation).ConfigureAwait(false));
            if (worst == new EntityAnswer(ReadOutcome.Done, FallbackCause.None))
            {
                CloseKnown(call);
            }

            return worst;
        }
        catch (TimeoutException)
        {
            return new(ReadOutcome.NotHere, FallbackCause.Budget);
        }
    }

    private Task<EntityAnswer> AskAsync(ScoreCall call, ServiceRead entity, byte[] key, CancellationToken cancellation) =>
        _circuits.AskAsync(
            entity.Plan.Entity.Name,
            stop => store.ReadAsync(entity.Plan, key, call.AtMillis, call.Request, 0, call.Values, stop),
            cancellation);

    // A request whose time is wrong is refused, whatever else is missing.
    private static EntityAnswer WorstOf(ScoreCall call, EntityAnswer[] answers)
    {
        var tooOld = Array.FindIndex(answers, static answer => answer.Outcome == ReadOutcome.TooOld);
        var worst = tooOld >= 0 ? tooOld : Array.FindIndex(answers, static answer => answer.Cause != FallbackCause.None);
        call.FailedEntity = Math.Max(worst, 0);
        return worst < 0 ? new(ReadOutcome.Done, FallbackCause.None) : answers[worst];
    }

    /// <summary>Called after the reads: if the store fell behind meanwhile, an entity may have been read empty.</summary>
    public void End(ScoreCall call)
    {
        call.Sample?.Close();
        call.IsStale |= !store.IsCaughtUp;
    }

    // Again where an event was applied during the read: the answer is to say exactly what it rests on.
    private ReadOutcome TryRead(ScoreCall call, int entity, ReadOnlySpan<byte> key)
    {
        var outcome = ReadOutcome.Contended;
        var isExact = false;
        for (var attempt = 0; attempt < Attempts && (outcome == ReadOutcome.Contended || !isExact); attempt++)
        {
            var isKnown = call.Known.Note(entity, store, key);
            outcome = store.TryRead(service.Entities[entity].Plan, key, call.AtMillis, call.Request, 0, call.Values);
            isExact = outcome != ReadOutcome.Done || !isKnown || call.Known.Holds(entity, store, key);
        }

        if (!isExact)
        {
            call.Known.Forget(entity);
        }

        return outcome;
    }

    // Of an entity that was asked it is only sure what it had applied if that is still so.
    private void CloseKnown(ScoreCall call)
    {
        for (var i = 0; i < service.Entities.Length; i++)
        {
            var isAsked = (call.UnreadEntities & (1UL << i)) != 0;
            if (isAsked && TryKey(call, service.Entities[i], out var key) && !call.Known.Holds(i, store, key))
            {
                call.Known.Forget(i);
            }
        }
    }

    private void Begin(ScoreCall call)
    {
        call.Known.Clear();
        // Read before the entities, so that they are at least as new as the answer claims.
        call.AsOf = store.NewestEventTime;
        call.IsStale = !store.IsCaughtUp;
        call.HistoryFrom = store.HistoryFrom;
        call.MissingEntities = 0;
        call.UnreadEntities = 0;
        var time = call.Schema.TimeColumn;
        var given = time < 0 ? TimeColumn.Null : call.Request.Times(time)[0];
        call.AtMillis = given != TimeColumn.Null ? given
            : call.AsOf != EventTime.None ? call.AsOf.Millis
            : clock.GetUtcNow().ToUnixTimeMilliseconds();
        if (time >= 0)
        {
            // Features of the request's own time (hour, weekday) use the read time: no model was trained on requests without a time.
            call.Request.Times(time)[0] = call.AtMillis;
        }

        var entities = service.Entities;
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

    /// <summary>The key of the service's first entity; empty where the request names none.</summary>
    public static ReadOnlySpan<byte> FirstKey(ScoreCall call, ServicePlan service)
    {
        var entities = service.Entities;
        return !entities.IsEmpty && TryKey(call, entities[0], out var key) ? key : default;
    }

    private static bool TryKey(ScoreCall call, ServiceRead entity, out ReadOnlySpan<byte> key)
    {
        key = entity.KeyField < 0 ? default : call.Request.Texts(entity.KeyField)[0];
        return !key.IsEmpty;
    }
}
