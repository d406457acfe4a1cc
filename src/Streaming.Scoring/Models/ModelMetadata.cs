using System.Collections.Immutable;
using System.Text.Json;
using Streaming.Scoring.Drift;

namespace Streaming.Scoring.Models;

/// <summary>
/// What a model file says of itself, in the ONNX model's metadata_props under the keys below. Files from elsewhere may lack any of
/// it; then the member is empty.
/// </summary>
public sealed record ModelMetadata
{
    /// <summary>Key of <see cref="FeatureService"/>.</summary>
    public const string FeatureServiceKey = "streaming.feature_service";

    /// <summary>Key of <see cref="Features"/>: a JSON array of texts.</summary>
    public const string FeaturesKey = "streaming.features";

    /// <summary>Key of <see cref="TrainingFingerprint"/>.</summary>
    public const string TrainingFingerprintKey = "streaming.training_fingerprint";

    /// <summary>Key of <see cref="BaselineJson"/>.</summary>
    public const string BaselineKey = "streaming.baseline";

    /// <summary>Key of <see cref="CreatedBy"/>.</summary>
    public const string CreatedByKey = "streaming.created_by";

    /// <summary>Key of <see cref="MetricsJson"/>.</summary>
    public const string MetricsKey = "streaming.metrics";

    /// <summary>The feature service that the model reads.</summary>
    public string FeatureService { get; init; } = "";

    /// <summary>The features' names in the order of the input's columns.</summary>
    public ImmutableArray<string> Features { get; init; } = [];

    /// <summary>A hash of the training set's names, values, labels and times.</summary>
    public string TrainingFingerprint { get; init; } = "";

    /// <summary>Histograms of features and scores in training, which drift is measured against; see docs/models.md.</summary>
    public string BaselineJson { get; init; } = "";

    /// <summary>The program and version that wrote the file.</summary>
    public string CreatedBy { get; init; } = "";

    /// <summary>How the model did on its test rows; see docs/models.md.</summary>
    public string MetricsJson { get; init; } = "";

    /// <summary>The histograms of <see cref="BaselineJson"/>, one for each feature and one for the score; empty for none.</summary>
    /// <param name="path">The model's file, for messages.</param>
    /// <exception cref="ModelException">The metadata is no such JSON, or has other features.</exception>
    public ImmutableArray<BaselineHistogram> Baseline(string path)
    {
        if (BaselineJson.Length == 0)
        {
            return [];
        }

        try
        {
            var baseline = Drift.BaselineJson.Read(BaselineJson);
            return baseline.Select(histogram => histogram.Name).SequenceEqual([.. Features, BaselineHistogram.Score])
                ? baseline
                : throw new ModelException($"model {path}: {BaselineKey} has other features than {FeaturesKey}; export the model again");
        }
        catch (JsonException e)
        {
            throw new ModelException($"model {path}: its metadata {BaselineKey} is not JSON of histograms; export the model again", e);
        }
    }

    /// <summary>The metadata as a model file holds it.</summary>
    public IEnumerable<KeyValuePair<string, string>> ToProperties()
    {
        yield return new(FeatureServiceKey, FeatureService);
        yield return new(FeaturesKey, "[" + string.Join(",", Features.Select(name => "\"" + JsonEncodedText.Encode(name) + "\"")) + "]");
        yield return new(TrainingFingerprintKey, TrainingFingerprint);
        yield return new(BaselineKey, BaselineJson);
        yield return new(CreatedByKey, CreatedBy);
        yield return new(MetricsKey, MetricsJson);
    }

    internal static ModelMetadata From(string path, IReadOnlyDictionary<string, string> properties) => new()
    {
        FeatureService = properties.GetValueOrDefault(FeatureServiceKey, ""),
        Features = properties.TryGetValue(FeaturesKey, out var features) ? ParseFeatures(path, features) : [],
        TrainingFingerprint = properties.GetValueOrDefault(TrainingFingerprintKey, ""),
        BaselineJson = properties.GetValueOrDefault(BaselineKey, ""),
        CreatedBy = properties.GetValueOrDefault(CreatedByKey, ""),
        MetricsJson = properties.GetValueOrDefault(MetricsKey, ""),
    };

    private static ImmutableArray<string> ParseFeatures(string path, string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return [.. document.RootElement.EnumerateArray().Select(name => name.GetString() ?? "")];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ModelException($"model {path}: its metadata {FeaturesKey} is not a JSON array of texts; export the model again", e);
        }
    }
}
