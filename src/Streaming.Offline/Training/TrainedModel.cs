using System.Collections.Immutable;
using Streaming.Offline.Training.Onnx;
using Streaming.Scoring.Drift;
using Streaming.Scoring.Models;

namespace Streaming.Offline.Training;

/// <summary>A trained model and what must be known of it later.</summary>
public sealed record TrainedModel
{
    /// <summary>The trees.</summary>
    public required GradientBoostedTrees Trees { get; init; }

    /// <summary>The feature service that it reads.</summary>
    public required string FeatureService { get; init; }

    /// <summary>See <see cref="TrainingSet.Fingerprint"/>.</summary>
    public required string TrainingFingerprint { get; init; }

    /// <summary>A histogram for each feature, in order, and one for the score, last.</summary>
    public required ImmutableArray<BaselineHistogram> Baseline { get; init; }

    /// <summary>How it did on rows that it did not learn from; null when there were none.</summary>
    public TrainingMetrics? Metrics { get; init; }

    /// <summary>Writes the model as an ONNX file that scoring loads; replaces an older file at once.</summary>
    public void Save(string path) => OnnxExporter.Write(Trees, Metadata(), path);

    /// <summary>What the file will say of itself.</summary>
    public ModelMetadata Metadata() => new()
    {
        FeatureService = FeatureService,
        Features = Trees.FeatureNames,
        TrainingFingerprint = TrainingFingerprint,
        BaselineJson = Scoring.Drift.BaselineJson.Write(Baseline),
        MetricsJson = Metrics is null ? "" : TrainingJson.Write(Metrics),
        // Without the commit: the same rows give the same file, byte for byte.
        CreatedBy = "streaming " + typeof(TrainedModel).Assembly.GetName().Version!.ToString(3),
    };
}
