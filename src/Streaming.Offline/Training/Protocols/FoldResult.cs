namespace Streaming.Offline.Training.Protocols;

/// <summary>How a model did on the test rows of a fold.</summary>
/// <param name="Start">The first day that it learnt from.</param>
/// <param name="TrainRows">Rows that it learnt from.</param>
/// <param name="TrainFrauds">Of them, frauds.</param>
/// <param name="Metrics">How it did.</param>
/// <param name="Rows">The test rows.</param>
/// <param name="Scores">What it said of each.</param>
public sealed record FoldResult(
    DateTimeOffset Start, int TrainRows, int TrainFrauds, TrainingMetrics Metrics, TrainingSet Rows, double[] Scores);
