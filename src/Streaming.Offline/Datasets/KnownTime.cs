namespace Streaming.Offline.Datasets;

/// <summary>
/// From when on an event of a topic counts as known: the record's timestamp in the log (the default), its event time, or a column.
/// </summary>
/// <param name="Topic">The topic.</param>
/// <param name="From"><c>log</c>, <c>event</c>, or a column of the topic.</param>
public sealed record KnownTime(string Topic, string From)
{
    /// <summary>The record's timestamp in the log.</summary>
    public const string Log = "log";

    /// <summary>The event time.</summary>
    public const string Event = "event";

    /// <summary>Reads <c>TOPIC=log</c>, <c>TOPIC=event</c> or <c>TOPIC=COLUMN</c>.</summary>
    /// <exception cref="DatasetException">It is none of these.</exception>
    public static KnownTime Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split('=', StringSplitOptions.TrimEntries) is [{ Length: > 0 } topic, { Length: > 0 } from]
            ? new KnownTime(topic, from)
            : throw new DatasetException($"--known '{text}' is not of the form TOPIC=log, TOPIC=event or TOPIC=COLUMN");
    }
}
