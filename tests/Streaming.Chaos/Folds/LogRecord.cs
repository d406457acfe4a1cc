using Avro.Generic;

namespace Streaming.Chaos.Folds;

/// <summary>A record of the log.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Partition">Its partition.</param>
/// <param name="Offset">Its offset.</param>
/// <param name="TimestampMillis">Its timestamp.</param>
/// <param name="Event">The event; null where it is not one.</param>
/// <param name="Reason">Why it is none: what its dead letter must say. Null where it is one.</param>
internal sealed record LogRecord(string Topic, int Partition, long Offset, long TimestampMillis, GenericRecord? Event, string? Reason)
{
    /// <summary>A text of the event; null where it has none.</summary>
    public string? Text(string field) => Event![field] switch
    {
        GenericEnum symbol => symbol.Value,
        string text => text,
        _ => null,
    };

    /// <summary>A number of the event; null where it has none.</summary>
    public double? Number(string field) => Event![field] is double number ? number : null;

    /// <summary>A flag of the event; null where it has none.</summary>
    public bool? Flag(string field) => Event![field] is bool flag ? flag : null;

    /// <summary>A time of the event.</summary>
    public long Millis(string field) => (long)Math.Floor(((DateTime)Event![field] - DateTime.UnixEpoch).TotalMilliseconds);
}
