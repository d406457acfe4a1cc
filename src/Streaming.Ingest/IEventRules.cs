using Streaming.Features.Events;

namespace Streaming.Ingest;

/// <summary>What a node asks of the events of one topic before it counts them. Thread-safe; the rows are the caller's.</summary>
public interface IEventRules
{
    /// <summary>Why an event would become a dead letter, naming its field; null when it would not.</summary>
    /// <param name="events">Where it lies, with every field of its topic.</param>
    /// <param name="row">Its row.</param>
    /// <param name="recordTimestampMillis">The timestamp that its record gets.</param>
    string? Fault(EventBatch events, int row, long recordTimestampMillis);
}
