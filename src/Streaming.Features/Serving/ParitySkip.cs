namespace Streaming.Features.Serving;

/// <summary>Why an answer that was drawn is not compared with the log.</summary>
public enum ParitySkip
{
    /// <summary>Before the read the entity was in the store of snapshots alone, so what it had applied is not known.</summary>
    NotPinned,

    /// <summary>Events were applied during the read, or another engine answers since.</summary>
    Changed,

    /// <summary>The answer said that it was stale.</summary>
    Stale,

    /// <summary>
    /// The log does not have all events that the answer may rest on: retention deleted them, or the features began later.
    /// </summary>
    ShortHistory,

    /// <summary>Too many answers waited already.</summary>
    QueueFull,

    /// <summary>The log or the schema registry did not answer.</summary>
    LogAway,

    /// <summary>It could not be computed again; the node's log says why.</summary>
    Failed,
}
