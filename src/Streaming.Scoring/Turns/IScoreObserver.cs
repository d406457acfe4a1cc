namespace Streaming.Scoring.Turns;

/// <summary>
/// Observes every answer that is sent, for metrics. Called on the request's path: it must not wait or allocate.
/// </summary>
public interface IScoreObserver
{
    /// <summary>Counts and logs an answer.</summary>
    /// <param name="name">The text that identifies the request, UTF-8; empty for none. Valid during the call only.</param>
    /// <param name="atMillis">The event time of the read.</param>
    /// <param name="vector">What the model was given. Valid during the call only.</param>
    /// <param name="result">The answer.</param>
    /// <param name="latency">From the request's bytes to the answer's bytes.</param>
    void Scored(ReadOnlySpan<byte> name, long atMillis, ReadOnlySpan<float> vector, in ScoreResult result, TimeSpan latency);
}
