namespace Streaming.Log;

/// <summary>
/// Keeps a fault that comes with every request from filling the process's log: one line at once, then at most one in ten seconds.
/// Thread-safe.
/// </summary>
public sealed class LogThrottle(TimeProvider clock)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(10);
    private readonly Lock _gate = new();
    private long? _last;
    private long _others;

    /// <summary>Whether to write a line, and how many were left out since the last one.</summary>
    public bool IsDue(out long others)
    {
        lock (_gate)
        {
            others = _others;
            if (_last is { } last && clock.GetElapsedTime(last) < s_pause)
            {
                _others++;
                return false;
            }

            _last = clock.GetTimestamp();
            _others = 0;
            return true;
        }
    }
}
