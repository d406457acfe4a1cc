using System.Buffers;
using System.Globalization;
using System.Text;

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
    public const string KeyRule = "an entity key has 1 to 256 bytes, without NUL and byte order mark (U+FEFF), and not blanks only";

    /// <summary>The rule of event times in words.</summary>
    public const string TimeRule = "event times lie in the years 1900 to 9999";

    /// <summary>The rule of ids in words.</summary>
    public const string IdRule = "an id has 1 to 256 bytes, without NUL and byte order mark (U+FEFF), and not blanks only";

    /// <summary>
    /// What nobody sees a key or an id has: a character with which it is another id than without, and in every list the same; or only
    /// blanks, which nobody means. Null if it has none.
    /// </summary>
    public static string? Unseen(ReadOnlySpan<byte> id)
    {
        if (!id.IsEmpty && MayBeginWithBlank(id[0]) && IsBlank(id))
        {
            return "nothing but blanks";
        }

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
        ? string.Create(CultureInfo.InvariantCulture, $"{millis} milliseconds since 1970; {TimeRule}{Hint(millis)}")
        : BareTime.Fault(millis);

    // A time from the year 1 on may be meant: a text can say it.
    private static string Hint(long millis) => millis < DateTimeOffset.MinValue.ToUnixTimeMilliseconds() || millis > LastMillis
        ? ": it may be micro- or nanoseconds, divide them"
        : string.Empty;

    // U+0085 and U+00A0 begin with 0xC2, U+1680 with 0xE1, U+2000 and those after it with 0xE2, U+3000 with 0xE3.
    private static bool MayBeginWithBlank(byte first) => first <= (byte)' ' || first is 0xC2 or >= 0xE1 and <= 0xE3;

    private static bool IsBlank(ReadOnlySpan<byte> id)
    {
        while (!id.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(id, out var rune, out var length) != OperationStatus.Done || !Rune.IsWhiteSpace(rune))
            {
                return false;
            }

            id = id[length..];
        }

        return true;
    }
}
