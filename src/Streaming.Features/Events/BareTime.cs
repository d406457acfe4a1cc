using System.Globalization;

namespace Streaming.Features.Events;

/// <summary>
/// The rule for numbers that are milliseconds since 1970: one that is nearer to 1970 than 10^10 of them (116 days, until 1970-04-26) is
/// refused, for it is a time in seconds: every second until the year 2286 is such a number.
/// </summary>
public static class BareTime
{
    /// <summary>The least magnitude that is taken.</summary>
    public const long MagnitudeMin = 10_000_000_000;

    /// <summary>Whether a number is taken.</summary>
    public static bool IsMilliseconds(long number) => number is >= MagnitudeMin or <= -MagnitudeMin;

    /// <summary>What a number that is not taken would be, and what to do.</summary>
    public static string Fault(long number) => string.Create(
        CultureInfo.InvariantCulture,
        $"{number}, as milliseconds {new EventTime(number)}: multiply seconds by 1000; no event is within 116 days of 1970");
}
