using System.Globalization;

namespace Streaming.Features.Events;

/// <summary>When something happened: milliseconds since 1970-01-01T00:00:00Z. The same size as a long; never the wall clock.</summary>
public readonly record struct EventTime(long Millis)
{
    /// <summary>Before every event; stands for "unknown".</summary>
    public static readonly EventTime None = new(long.MinValue);

    private static readonly long s_firstInCalendar = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long s_lastInCalendar = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>ISO 8601, UTC, milliseconds; <c>none</c> for <see cref="None"/>, and milliseconds outside the years 1 to 9999.</summary>
    public override string ToString() => this == None
        ? "none"
        : Millis < s_firstInCalendar || Millis > s_lastInCalendar
            ? string.Create(CultureInfo.InvariantCulture, $"{Millis} ms")
            : DateTimeOffset.FromUnixTimeMilliseconds(Millis).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
