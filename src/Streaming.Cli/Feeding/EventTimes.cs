using System.Globalization;
using Streaming.Features.Events;

namespace Streaming.Cli.Feeding;

/// <summary>
/// Which event times a history may have. One far in the future would move the watermark of its partition there, and every true event
/// after it would be late; brokers refuse it, too.
/// </summary>
internal static class EventTimes
{
    private const long AheadMillisMax = 86_400_000;
    private static readonly long s_first = new DateTimeOffset(1900, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
    private static readonly long s_last = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>The first row whose time is more than a day ahead of the clock or before 1900; -1 where there is none. Null is none of these.</summary>
    public static int FirstImplausible(ReadOnlySpan<long> times, DateTimeOffset now)
    {
        var until = Math.Min(s_last, now.ToUnixTimeMilliseconds() + AheadMillisMax);
        for (var row = 0; row < times.Length; row++)
        {
            if (times[row] != TimeColumn.Null && (times[row] < s_first || times[row] > until))
            {
                return row;
            }
        }

        return -1;
    }

    /// <summary>What is wrong with a time, and what is the likely cause.</summary>
    public static string Fault(long millis)
    {
        var shown = millis >= s_first && millis <= s_last
            ? $"{DateTimeOffset.FromUnixTimeMilliseconds(millis).UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}, more than a day ahead of the clock"
            : "no time from 1900 to 9999";
        return string.Create(
            CultureInfo.InvariantCulture, $"{millis} milliseconds since 1970: {shown}; a bare number must be milliseconds: divide microseconds by 1000");
    }
}
