using System.Globalization;
using Streaming.Features.Events;
using Streaming.Features.Language;

namespace Streaming.Offline.Histories;

/// <summary>
/// Which event times a history may have. A record's timestamp is its event's time, so a node would not see that one is from the future:
/// it would move the watermark of its partition there, and true events after it would be late; brokers refuse it, too.
/// </summary>
internal static class EventTimes
{
    /// <summary>The first row whose time is later than <paramref name="until"/> or none that an event may have; -1 where there is none. Null is none of these.</summary>
    public static int FirstImplausible(ReadOnlySpan<long> times, DateTimeOffset until)
    {
        var last = until.ToUnixTimeMilliseconds();
        for (var row = 0; row < times.Length; row++)
        {
            if (times[row] != TimeColumn.Null && (times[row] > last || !EventLimits.IsEventTime(times[row])))
            {
                return row;
            }
        }

        return -1;
    }

    /// <summary>What is wrong with a time, and what is the likely cause.</summary>
    public static string Fault(long millis, TimeSpan futureTolerance)
    {
        var shown = EventLimits.IsEventTime(millis)
            ? $"{new EventTime(millis)}, more than {Duration.Format((long)futureTolerance.TotalMilliseconds)} (streaming.engine.future-tolerance) ahead of the clock"
            : EventLimits.TimeRule;
        return string.Create(
            CultureInfo.InvariantCulture, $"{millis} milliseconds since 1970: {shown}; a bare number must be milliseconds: divide microseconds by 1000");
    }
}
