using System.Collections.Immutable;

namespace Streaming.Ingest;

/// <summary>Takes JSON events into the event log. Thread-safe.</summary>
public interface IEventIntake
{
    /// <summary>The topics that take events.</summary>
    ImmutableArray<string> Topics { get; }

    /// <summary>Validates events against their topic's schema and appends all of them, or none if one is wrong.</summary>
    /// <param name="topic">One of <see cref="Topics"/>.</param>
    /// <param name="events">Each a JSON object, UTF-8.</param>
    /// <param name="cancellation">Ends the wait; the events may still be appended.</param>
    /// <exception cref="Streaming.Log.EventLogException">The log failed.</exception>
    Task<IntakeResult> AppendAsync(string topic, IReadOnlyList<ReadOnlyMemory<byte>> events, CancellationToken cancellation);
}
