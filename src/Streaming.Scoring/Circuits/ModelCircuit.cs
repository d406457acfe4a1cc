// Hot: passed once per score.
namespace Streaming.Scoring.Circuits;

/// <summary>
/// The circuit of one version of a model: while it is open, the model is not asked. Polly's circuit breaker takes a lock for each call,
/// which requests for one model would wait for (docs/adr/0015-circuits.md); this one takes none and allocates nothing. Thread-safe.
/// </summary>
public sealed class ModelCircuit
{
    private readonly CircuitSettings _settings;
    private readonly TimeProvider _clock;
    private readonly long _windowTicks;
    private readonly long _breakTicks;
    private readonly long _slowTicks;
    private long _openUntil;
    private long _windowStart;
    private long _opened;
    private int _probing;
    private int _calls;
    private int _failures;

    /// <param name="settings">When it opens.</param>
    /// <param name="clock">The clock.</param>
    public ModelCircuit(CircuitSettings settings, TimeProvider clock)
    {
        (_settings, _clock) = (settings, clock);
        (_windowTicks, _breakTicks, _slowTicks) = (Ticks(settings.Window), Ticks(settings.Break), Ticks(settings.ModelSlow));
        _windowStart = clock.GetTimestamp();
    }

    /// <summary>Whether the model is not asked, but for a probe.</summary>
    public bool IsOpen => Volatile.Read(ref _openUntil) != 0;

    /// <summary>How often it has opened, after failed probes too.</summary>
    public long Opened => Interlocked.Read(ref _opened);

    /// <summary>Begins a call.</summary>
    /// <param name="started">When, for <see cref="End"/>.</param>
    public CircuitPass Begin(out long started)
    {
        started = _clock.GetTimestamp();
        var until = Volatile.Read(ref _openUntil);
        return until == 0 ? CircuitPass.Closed
            : started >= until && Interlocked.CompareExchange(ref _probing, 1, 0) == 0 ? CircuitPass.Probe
            : CircuitPass.Refused;
    }

    /// <summary>Ends a call that was let through.</summary>
    /// <param name="pass">What <see cref="Begin"/> said.</param>
    /// <param name="started">When it began.</param>
    /// <param name="failed">Whether the model failed.</param>
    public void End(CircuitPass pass, long started, bool failed)
    {
        var now = _clock.GetTimestamp();
        failed |= now - started > _slowTicks;
        if (pass == CircuitPass.Probe)
        {
            EndProbe(now, failed);
        }
        else if (Volatile.Read(ref _openUntil) == 0)
        {
            Count(now, failed);
        }
    }

    private void EndProbe(long now, bool failed)
    {
        if (failed)
        {
            Interlocked.Increment(ref _opened);
            Volatile.Write(ref _openUntil, now + _breakTicks);
        }
        else
        {
            Restart(now);
            Volatile.Write(ref _openUntil, 0);
        }

        Volatile.Write(ref _probing, 0);
    }

    private void Count(long now, bool failed)
    {
        var start = Volatile.Read(ref _windowStart);
        if (now - start > _windowTicks && Interlocked.CompareExchange(ref _windowStart, now, start) == start)
        {
            Restart(now);
        }

        var calls = Interlocked.Increment(ref _calls);
        if (!failed)
        {
            return;
        }

        var failures = Interlocked.Increment(ref _failures);
        if (calls >= _settings.MinimumCalls && failures >= _settings.FailureRatio * calls
            && Interlocked.CompareExchange(ref _openUntil, now + _breakTicks, 0) == 0)
        {
            Interlocked.Increment(ref _opened);
        }
    }

    private void Restart(long now)
    {
        Volatile.Write(ref _windowStart, now);
        Volatile.Write(ref _calls, 0);
        Volatile.Write(ref _failures, 0);
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _clock.TimestampFrequency);
}
