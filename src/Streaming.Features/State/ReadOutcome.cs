namespace Streaming.Features.State;

/// <summary>What came of reading an entity.</summary>
public enum ReadOutcome
{
    /// <summary>The values are there.</summary>
    Done,

    /// <summary>The owner changed the state meanwhile: read again, or ask the owner.</summary>
    Contended,

    /// <summary>The entity is not in this node's memory: ask for it by message.</summary>
    NotHere,

    /// <summary>
    /// The read time is further behind the entity's newest event than <see cref="Plans.ViewPlan.ReadBackMillis"/>: what it needs
    /// may be evicted. Backfill answers such questions.
    /// </summary>
    TooOld,

    /// <summary>
    /// The entity knows events that were not known at the read time: only its owner can leave them out, so ask for it by message.
    /// </summary>
    AskOwner,
}
