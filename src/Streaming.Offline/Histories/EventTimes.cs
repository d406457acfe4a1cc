using System.Globalization;
using Streaming.Features.Events;
using Streaming.Hocon;

namespace Streaming.Offline.Histories;

/// <summary>
/// Which event times a history may have. A record's timestamp is its event's time, so a node would not see that one is from the future;
/// brokers refuse it, too.
/// </summary>
internal static class EventTimes
{
    /// <summary>
    /// The first row whose time no event may have, is later than <paramref name="until"/>, or further after the row's time
    /// in the log
    /// than the tolerance; -1 if there is none. Null passes.
    /// </summary>
    public static int FirstImplausible(ReadOnlySpan<long> times, ReadOnlySpan<long> logTimes, DateTimeOffset until, TimeSpan tolerance)
    {
        var (last, ahead) = (until.ToUnixTimeMilliseconds(), (long)tolerance.TotalMilliseconds);
        for (var row = 0; row < times.Length; row++)
        {
            var time = times[row];
            if (time != TimeColumn.Null && (time > last || !EventLimits.IsEventTime(time) || IsAhead(time, logTimes[row], ahead)))
            {
                return row;
            }
        }

        return -1;
    }

    /// <summary>What is wrong with a time, and what is the likely cause.</summary>
    public static string Fault(long millis, TimeSpan futureTolerance) => EventLimits.IsEventTime(millis)
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"{millis} milliseconds since 1970: {new EventTime(millis)}, more than " +
            $"{Duration.Format((long)futureTolerance.TotalMilliseconds)} "
                + $"(streaming.engine.future-tolerance) ahead of the clock, or of when the event was in the log")
        : EventLimits.TimeFault(millis);

    // Without a time in the log the row is refused for that.
    private static bool IsAhead(long time, long logTime, long tolerance) => logTime != TimeColumn.Null && time - tolerance > logTime;
}
