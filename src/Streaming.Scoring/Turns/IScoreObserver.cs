namespace Streaming.Scoring.Turns;

/// <summary>
/// Sees every answer that leaves, for metrics and the like. Called on the request's path: it neither waits nor allocates.
/// </summary>
public interface IScoreObserver
{
    /// <summary>An answer leaves.</summary>
    /// <param name="name">The text that tells which request it answers, UTF-8; empty for none. Valid during the call only.</param>
    /// <param name="atMillis">The event time of the read.</param>
    /// <param name="result">The answer.</param>
    /// <param name="latency">From the request's bytes to the answer's bytes.</param>
    void Scored(ReadOnlySpan<byte> name, long atMillis, in ScoreResult result, TimeSpan latency);
}
