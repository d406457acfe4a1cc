using System.Collections.Immutable;

namespace Streaming.Ingest;

/// <summary>Takes JSON events into the event log. Thread-safe.</summary>
public interface IEventIntake
{
    /// <summary>The topics that take events.</summary>
    ImmutableArray<string> Topics { get; }

    /// <summary>Validates events against their topic's schema and appends all of them, or none where one is wrong.</summary>
    /// <param name="topic">One of <see cref="Topics"/>.</param>
    /// <param name="events">Each a JSON object, UTF-8.</param>
    /// <param name="cancellation">Ends the wait; the events may be appended all the same.</param>
    /// <exception cref="Streaming.Log.EventLogException">The log failed.</exception>
    Task<IntakeResult> AppendAsync(string topic, IReadOnlyList<ReadOnlyMemory<byte>> events, CancellationToken cancellation);
}

/// <summary>What came of taking events.</summary>
public abstract record IntakeResult
{
    private IntakeResult()
    {
    }

    /// <summary>All are durable.</summary>
    /// <param name="Events">Where each went.</param>
    public sealed record Appended(ImmutableArray<AppendedEvent> Events) : IntakeResult;

    /// <summary>None is appended: these are wrong.</summary>
    /// <param name="Faults">One line a fault.</param>
    public sealed record Invalid(ImmutableArray<string> Faults) : IntakeResult;

    /// <summary>None is appended: something outside does not answer.</summary>
    /// <param name="Reason">What, for people.</param>
    public sealed record Unavailable(string Reason) : IntakeResult;
}

/// <summary>Where an event went.</summary>
/// <param name="Partition">Its partition.</param>
public readonly record struct AppendedEvent(int Partition);
