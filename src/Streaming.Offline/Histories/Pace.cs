namespace Streaming.Offline.Histories;

/// <summary>
/// Replays a history at a multiple of its own speed: an event is due when its time after the first event's, divided by the speed, has
/// passed.
/// </summary>
public sealed class Pace(double speed, TimeProvider time)
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_waitMax = TimeSpan.FromSeconds(1);
    private long _startedTicks;
    private long? _firstMillis;

    /// <summary>Waits until a row is due.</summary>
    /// <param name="times">Event times of all rows, ascending.</param>
    /// <param name="row">The row.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The row after the last one that is due as well; at least one more than <paramref name="row"/>.</returns>
    public async Task<int> DueAsync(ReadOnlyMemory<long> times, int row, CancellationToken cancellation)
    {
        if (_firstMillis is null)
        {
            (_firstMillis, _startedTicks) = (times.Span[row], time.GetTimestamp());
        }

        for (var wait = Until(times.Span[row]); wait > TimeSpan.Zero; wait = Until(times.Span[row]))
        {
            await Task.Delay(wait < s_tick ? s_tick : wait < s_waitMax ? wait : s_waitMax, time, cancellation);
        }

        var until = row + 1;
        while (until < times.Length && Until(times.Span[until]) <= TimeSpan.Zero)
        {
            until++;
        }

        return until;
    }

    private TimeSpan Until(long millis) =>
        TimeSpan.FromMilliseconds((millis - _firstMillis!.Value) / speed) - time.GetElapsedTime(_startedTicks);
}
