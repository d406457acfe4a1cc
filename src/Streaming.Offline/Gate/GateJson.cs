using System.Text.Json;
using System.Text.Json.Serialization;

namespace Streaming.Offline.Gate;

/// <summary>The JSON of gate results, as a registry keeps them.</summary>
public static class GateJson
{
    /// <summary>As JSON; member names are snake_case and stay.</summary>
    public static string Write(GateResult result) => JsonSerializer.Serialize(result, GateJsonContext.Default.GateResult);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="JsonException">It is no such JSON.</exception>
    public static GateResult? Read(string json) => JsonSerializer.Deserialize(json, GateJsonContext.Default.GateResult);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(GateResult))]
internal sealed partial class GateJsonContext : JsonSerializerContext;
