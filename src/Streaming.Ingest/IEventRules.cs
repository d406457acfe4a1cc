using Streaming.Features.Events;

namespace Streaming.Ingest;

/// <summary>What a node asks of the events of one topic before it counts them. Thread-safe; the rows are the caller's.</summary>
public interface IEventRules
{
    /// <summary>Room for one event at a time, to be used again.</summary>
    EventBatch NewRow();

    /// <summary>Why an event would become a dead letter, naming its field; null when it would not.</summary>
    /// <param name="buffer">Where it lies.</param>
    /// <param name="start">The first byte of its Avro, written with our own schema.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="row">From <see cref="NewRow"/>.</param>
    /// <param name="recordTimestampMillis">The timestamp that its record gets.</param>
    string? Fault(byte[] buffer, int start, int length, EventBatch row, long recordTimestampMillis);
}
