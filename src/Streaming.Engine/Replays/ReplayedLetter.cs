using Streaming.Ingest;

namespace Streaming.Engine.Replays;

/// <summary>What became of a dead letter.</summary>
public enum ReplayOutcome
{
    /// <summary>Its event is in the log a second time, from now on.</summary>
    Replayed,

    /// <summary>Its event would be appended: nothing was written, for that was asked for.</summary>
    WouldReplay,

    /// <summary>Its event would be a dead letter again; nothing was written, and a later replay looks again.</summary>
    StillBad,

    /// <summary>Its event was appended again and became a dead letter again, of its own place.</summary>
    FailedAgain,

    /// <summary>An earlier replay has appended it.</summary>
    AlreadyReplayed,

    /// <summary>It cannot be replayed.</summary>
    Skipped,
}

/// <summary>A dead letter, and what a replay did with it.</summary>
/// <param name="Origin">Where its event became a dead letter.</param>
/// <param name="Reason">Why.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="At">Where its event is now; null for nowhere else.</param>
/// <param name="Detail">For people: why it is still bad, or is not replayed; empty for nothing to say.</param>
public sealed record ReplayedLetter(EventPlace Origin, string Reason, ReplayOutcome Outcome, EventPlace? At, string Detail);
