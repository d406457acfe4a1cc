using Streaming.Scoring.Requests;
using Streaming.Scoring.ScoreLogs;

namespace Streaming.Scoring.Turns;

/// <summary>The challengers of a model. Called on the requests' path: it does not wait. Thread-safe.</summary>
internal interface IChallengers
{
    /// <summary>The version that answers for an entity in place of the champion's, which the caller leaves again; null for none.</summary>
    /// <param name="key">The key of the service's first entity; empty where the request names none.</param>
    ScoreTurns? TryEnterCanary(ReadOnlySpan<byte> key);

    /// <summary>The champion has answered: a share is copied, to be scored beside.</summary>
    void Offer(ScoreCall call, long answeredAtMillis);

    /// <summary>As the other, for an answer that is a copy already; it is copied again.</summary>
    void Offer(ScoreEntry entry);
}
