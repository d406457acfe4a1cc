using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Streaming.Offline.Training;

/// <summary>The JSON of baselines and metrics in a model file's metadata.</summary>
public static class TrainingJson
{
    /// <summary>Reads the baseline histograms of a model file (<c>streaming.baseline</c>).</summary>
    /// <exception cref="JsonException">It is no such JSON.</exception>
    public static ImmutableArray<BaselineHistogram> ReadBaseline(string json) =>
        JsonSerializer.Deserialize(json, TrainingJsonContext.Default.ImmutableArrayBaselineHistogram);

    /// <summary>Reads the metrics of a model file (<c>streaming.metrics</c>).</summary>
    /// <exception cref="JsonException">It is no such JSON.</exception>
    public static TrainingMetrics? ReadMetrics(string json) =>
        JsonSerializer.Deserialize(json, TrainingJsonContext.Default.TrainingMetrics);

    internal static string Write(ImmutableArray<BaselineHistogram> baseline) =>
        JsonSerializer.Serialize(baseline, TrainingJsonContext.Default.ImmutableArrayBaselineHistogram);

    internal static string Write(TrainingMetrics metrics) => JsonSerializer.Serialize(metrics, TrainingJsonContext.Default.TrainingMetrics);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(ImmutableArray<BaselineHistogram>))]
[JsonSerializable(typeof(TrainingMetrics))]
internal sealed partial class TrainingJsonContext : JsonSerializerContext;
