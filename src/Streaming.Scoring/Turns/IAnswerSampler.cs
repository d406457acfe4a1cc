using Streaming.Features.Serving;

namespace Streaming.Scoring.Turns;

/// <summary>
/// Draws a share of the answers to be compared with the log later. Called on the requests' path: it does not wait, and allocates only for
/// answers that it draws. Thread-safe.
/// </summary>
public interface IAnswerSampler
{
    /// <summary>Draws: called before an answer's reads.</summary>
    /// <returns>What pins the reads; null for an answer that is not drawn.</returns>
    AnswerSample? Draw();

    /// <summary>Takes an answer that was drawn.</summary>
    void Add(SampledAnswer answer);

    /// <summary>An answer that was drawn cannot be compared.</summary>
    void Skip(ParitySkip reason);
}
