using System.Globalization;

namespace Streaming.Hocon;

/// <summary>A number of things in a message: <c>1 event</c>, <c>2,000 events</c>.</summary>
public static class Counted
{
    /// <summary>The number and the word, in the singular for one.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="one">The word for one of them; its plural has an s.</param>
    public static string Of(long count, string one) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {one}{(count == 1 ? "" : "s")}");

    /// <summary>The verb that belongs to a number of things.</summary>
    public static string Are(long count) => count == 1 ? "is" : "are";
}
