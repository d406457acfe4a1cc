namespace Streaming.Log.Embedded;

/// <summary>
/// The first damage that was found in the file. A damaged log accepts no more appends, and its files stay as they are: the write-ahead
/// log is not copied into the database. Thread-safe.
/// </summary>
internal sealed class LogDamage(string path)
{
    private EventLogException? _first;

    /// <summary>The first fault alone; null while no damage is known.</summary>
    public string? What { get; private set; }

    /// <summary>Its tables were in a write-ahead log that is gone: no record of it is left.</summary>
    public bool IsWithoutTables { get; private set; }

    public bool IsKnown => Volatile.Read(ref _first) is not null;

    /// <summary>Why an append is refused; null while no damage is known.</summary>
    public EventLogException? Refusal =>
        Volatile.Read(ref _first) is { } first
            ? new EventLogException($"The log takes no events. {first.Message}", retriable: false, first)
            : null;

    private string Names => Path.GetFileName(path) is var name ? $"{name}, {name}-wal and {name}-ends" : path;

    /// <summary>Notes a fault and returns its exception.</summary>
    public EventLogException Found(string what)
    {
        var failure = new EventLogException(
            $"Embedded log {path} is damaged: {what}. Nothing was changed. Restore {Names} from one copy. Or " +
            "list the damage with 'streaming log check' and continue without what is missing with 'streaming log accept-loss'.",
            retriable: false);
        if (Interlocked.CompareExchange(ref _first, failure, null) is null)
        {
            What = what;
        }

        return failure;
    }

    /// <summary>Notes that no table is left, and returns the exception.</summary>
    public EventLogException FoundNoTables(string what)
    {
        IsWithoutTables = true;
        return Found(what);
    }

    /// <summary>Why an operator who accepts the loss is not helped.</summary>
    public EventLogException BeyondRepair(Exception inner) => new(
        $"Embedded log {path} cannot be repaired: {What}. Nothing was changed. Restore {Names} from one copy. Without one, move these " +
        "files and those beside them that begin with the same name to another directory; the log then begins again, empty.",
        retriable: false,
        inner);
}
