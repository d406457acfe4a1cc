using Streaming.Offline.Backfill;

namespace Streaming.Offline.Training.Protocols;

/// <summary>Collects the rows of a history that a training learns from and tests on.</summary>
internal interface IRecordedRows
{
    /// <summary>Takes what it wants of a chunk; chunks come in the order of time.</summary>
    /// <param name="chunk">The events.</param>
    /// <param name="vector">Their features, element by element.</param>
    /// <exception cref="TrainingException">A row has no label.</exception>
    void Add(EventChunk chunk, double[][] vector);

    /// <summary>The rows so far, in the order of time.</summary>
    /// <exception cref="TrainingException">The label of a row cannot be known yet.</exception>
    TrainingSet ToSet();
}
