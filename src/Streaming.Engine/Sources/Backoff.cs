namespace Streaming.Engine.Sources;

/// <summary>Waits between tries: each twice as long as the last, up to a bound.</summary>
internal sealed class Backoff(EngineSettings settings)
{
    private TimeSpan _next = settings.RetryBackoff;

    /// <summary>The next wait.</summary>
    public TimeSpan Next()
    {
        var wait = _next;
        _next = wait + wait < settings.RetryBackoffMax ? wait + wait : settings.RetryBackoffMax;
        return wait;
    }

    /// <summary>Begins with the shortest wait again.</summary>
    public void Reset() => _next = settings.RetryBackoff;
}
