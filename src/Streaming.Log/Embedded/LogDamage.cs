namespace Streaming.Log.Embedded;

/// <summary>
/// What is known to be wrong with the file. A damaged log takes nothing more, and its pages stay where they are: nothing of the
/// write-ahead log is copied over the database. Thread-safe.
/// </summary>
internal sealed class LogDamage(string path)
{
    private EventLogException? _first;

    /// <summary>The operator has said that what is lost is lost.</summary>
    public bool IsAccepted { get; init; }

    public bool IsKnown => Volatile.Read(ref _first) is not null;

    /// <summary>Why an append is refused; null while the log is whole.</summary>
    public EventLogException? Refusal =>
        Volatile.Read(ref _first) is { } first
            ? new EventLogException($"The log takes no events. {first.Message}", retriable: false, first)
            : null;

    /// <summary>Notes a fault and gives the exception that tells it.</summary>
    public EventLogException Found(string what)
    {
        var name = Path.GetFileName(path);
        var failure = new EventLogException(
            $"Embedded log {path} is damaged: {what}. Nothing was changed. Restore {name}, {name}-wal and {name}-ends from one copy; or " +
            "look at all of it with "
            + "'streaming log check', and go on without what is missing by 'streaming log accept-loss'.",
            retriable: false);
        Interlocked.CompareExchange(ref _first, failure, null);
        return failure;
    }
}
