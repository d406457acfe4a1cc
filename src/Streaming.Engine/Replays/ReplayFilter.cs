using Streaming.Contracts.Events;

namespace Streaming.Engine.Replays;

/// <summary>Which dead letters are replayed; null takes all.</summary>
/// <param name="Topic">Those of a topic.</param>
/// <param name="Reason">Those with a reason.</param>
/// <param name="SinceMillis">Those whose record had this timestamp or a later one.</param>
/// <param name="UntilMillis">Those whose record had an earlier timestamp.</param>
public sealed record ReplayFilter(string? Topic, string? Reason, long? SinceMillis, long? UntilMillis)
{
    /// <summary>
    /// Whether events are taken that a replay has appended before and a node has set aside again. Without it each event comes back once,
    /// also where the caller's rules are looser than the node's.
    /// </summary>
    public bool IsAgain { get; init; }

    /// <summary>Whether a dead letter is among them.</summary>
    public bool Takes(DeadLetter letter) =>
        (Topic is null || letter.Topic == Topic)
        && (Reason is null || letter.Reason == Reason)
        && (SinceMillis is not { } since || letter.Timestamp.Millis >= since)
        && (UntilMillis is not { } until || letter.Timestamp.Millis < until);
}
