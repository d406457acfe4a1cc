using System.Globalization;

namespace Streaming.Features.Events;

/// <summary>
/// Which keys and times events may carry, whichever way they come in: node, ingest, backfill and scoring requests go by the same. For
/// numbers it is <see cref="Numerics.NumberRange"/>.
/// </summary>
public static class EventLimits
{
    /// <summary>The longest entity key, in bytes of UTF-8.</summary>
    public const int KeyBytesMax = 256;

    /// <summary>The rule of keys in words.</summary>
    public const string KeyRule = "an entity key has 1 to 256 bytes, without NUL and byte order mark (U+FEFF)";

    /// <summary>The rule of event times in words.</summary>
    public const string TimeRule = "event times lie in the years 1900 to 9999";

    /// <summary>The rule of ids in words.</summary>
    public const string IdRule = "an id has 1 to 256 bytes, without NUL and byte order mark (U+FEFF)";

    /// <summary>
    /// Which character that nobody sees a key or an id has: it would be another id than the one without, in every list the same. Null if it
    /// has none.
    /// </summary>
    public static string? Unseen(ReadOnlySpan<byte> id)
    {
        // A byte order mark begins with 0xEF, which few ids have.
        var at = id.IndexOfAny((byte)0, (byte)0xEF);
        return at < 0 ? null
            : id[at..].Contains((byte)0) ? "a NUL"
            : id[at..].IndexOf("\uFEFF"u8) >= 0 ? "a byte order mark"
            : null;
    }

    /// <summary>The first event time, in milliseconds since 1970.</summary>
    public static readonly long FirstMillis = new DateTimeOffset(1900, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    /// <summary>The last event time, in milliseconds since 1970.</summary>
    public static readonly long LastMillis = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>
    /// Whether a time keeps to the rule; <see cref="TimeColumn.Null"/> does not. Nor does one within 116 days of 1970
    /// (<see cref="BareTime"/>): the log cannot tell it from a time in seconds, however it was written.
    /// </summary>
    public static bool IsEventTime(long millis) => millis >= FirstMillis && millis <= LastMillis && BareTime.IsMilliseconds(millis);

    /// <summary>What is wrong with a time that does not keep to the rule, and the likely cause.</summary>
    public static string TimeFault(long millis) => millis == TimeColumn.Null ? "null" : BareTime.IsMilliseconds(millis)
        ? string.Create(
            CultureInfo.InvariantCulture, $"{millis} milliseconds since 1970; {TimeRule}: it may be micro- or nanoseconds, divide them")
        : BareTime.Fault(millis);
}
