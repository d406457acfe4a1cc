using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Streaming.Scoring.Drift;

/// <summary>The JSON of baselines in a model file's metadata (<c>streaming.baseline</c>).</summary>
public static class BaselineJson
{
    /// <summary>Reads it.</summary>
    /// <exception cref="JsonException">It is no such JSON.</exception>
    public static ImmutableArray<BaselineHistogram> Read(string json) =>
        JsonSerializer.Deserialize(json, BaselineJsonContext.Default.ImmutableArrayBaselineHistogram);

    /// <summary>Writes it.</summary>
    public static string Write(ImmutableArray<BaselineHistogram> baseline) =>
        JsonSerializer.Serialize(baseline, BaselineJsonContext.Default.ImmutableArrayBaselineHistogram);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(ImmutableArray<BaselineHistogram>))]
internal sealed partial class BaselineJsonContext : JsonSerializerContext;
