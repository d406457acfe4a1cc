namespace Streaming.Log.Embedded;

/// <summary>
/// The first damage that was found in the file. A damaged log accepts no more appends, and its files stay as they are: the write-ahead
/// log is not copied into the database. Thread-safe.
/// </summary>
internal sealed class LogDamage(string path)
{
    private EventLogException? _first;

    /// <summary>The operator has accepted the loss.</summary>
    public bool IsAccepted { get; init; }

    public bool IsKnown => Volatile.Read(ref _first) is not null;

    /// <summary>Why an append is refused; null while no damage is known.</summary>
    public EventLogException? Refusal =>
        Volatile.Read(ref _first) is { } first
            ? new EventLogException($"The log takes no events. {first.Message}", retriable: false, first)
            : null;

    /// <summary>Notes a fault and returns its exception.</summary>
    public EventLogException Found(string what)
    {
        var name = Path.GetFileName(path);
        var failure = new EventLogException(
            $"Embedded log {path} is damaged: {what}. Nothing was changed. Restore {name}, {name}-wal and {name}-ends from one copy. Or " +
            "list the damage with 'streaming log check' and continue without what is missing with 'streaming log accept-loss'.",
            retriable: false);
        Interlocked.CompareExchange(ref _first, failure, null);
        return failure;
    }
}
