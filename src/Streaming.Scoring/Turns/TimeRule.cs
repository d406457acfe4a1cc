// Hot: asked once per request; only a fault allocates.
using Streaming.Features.Events;
using Streaming.Features.Serving;
using Streaming.Hocon;
using Streaming.Scoring.Requests;

namespace Streaming.Scoring.Turns;

/// <summary>
/// The times that a request may have. A request is the next event, so the engine's bound on the future holds: further ahead, all
/// windows would be empty.
/// </summary>
internal sealed class TimeRule(IFeatureStore store, TimeSpan futureTolerance, TimeProvider clock)
{
    /// <summary>What is wrong with the time of a parsed request; null for nothing.</summary>
    public RequestFault? FaultOf(ScoreCall call)
    {
        var at = call.Schema.TimeColumn < 0 ? TimeColumn.Null : call.Request.Times(call.Schema.TimeColumn)[0];
        var newest = store.NewestEventTime.Millis;
        if (at <= newest || at == TimeColumn.Null)
        {
            return null;
        }

        var now = Math.Max(newest, clock.GetUtcNow().ToUnixTimeMilliseconds());
        var tolerance = (long)futureTolerance.TotalMilliseconds;
        return at <= now + tolerance ? null : Fault(call.Schema.Fields[call.Schema.TimeColumn].Name, at, now, tolerance);
    }

    private static RequestFault Fault(string name, long at, long now, long tolerance) => new(
        RequestFaultKind.WrongTime,
        name,
        $"\"{name}\" is {new EventTime(at)}, more than {Duration.Format(tolerance)} (streaming.engine.future-tolerance) ahead of "
            + $"{new EventTime(now)}, the later of the clock and the newest event; leave it out to ask for now");
}
