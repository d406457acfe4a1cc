using Streaming.Hocon;

namespace Streaming.Ingest;

/// <summary>Whether a log takes a record of an event, known before it is appended.</summary>
internal static class RecordSize
{
    /// <summary>What Kafka adds to a key and a value at most: the head of their batch, and that of the record.</summary>
    public const int HeadBytes = 81;

    /// <summary>What is wrong with a record that is too large; null if it is not.</summary>
    /// <param name="keyBytes">Of its key.</param>
    /// <param name="valueBytes">Of its value.</param>
    /// <param name="bytesMax">What the log takes.</param>
    public static string? Fault(int keyBytes, int valueBytes, int bytesMax) => keyBytes + (long)valueBytes + HeadBytes is var bytes && bytes > bytesMax
        ? $"is a record of {Counted.Of(bytes, "byte")}, and the log takes at most {Counted.Of(bytesMax, "byte")} " +
            "(streaming.kafka.record-bytes-max; the brokers' message.max.bytes must allow it, too)"
        : null;
}
