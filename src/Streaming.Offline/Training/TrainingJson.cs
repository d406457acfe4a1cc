using System.Text.Json;
using System.Text.Json.Serialization;

namespace Streaming.Offline.Training;

/// <summary>The JSON of metrics in a model file's metadata.</summary>
public static class TrainingJson
{
    /// <summary>Reads the metrics of a model file (<c>streaming.metrics</c>).</summary>
    /// <exception cref="JsonException">It is no such JSON.</exception>
    public static TrainingMetrics? ReadMetrics(string json) =>
        JsonSerializer.Deserialize(json, TrainingJsonContext.Default.TrainingMetrics);

    internal static string Write(TrainingMetrics metrics) => JsonSerializer.Serialize(metrics, TrainingJsonContext.Default.TrainingMetrics);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(TrainingMetrics))]
internal sealed partial class TrainingJsonContext : JsonSerializerContext;
