using System.Text.Json.Serialization;

namespace Streaming.Scoring.Registry;

/// <summary>The JSON of the folder's documents.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    UseStringEnumConverter = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(Experiment))]
[JsonSerializable(typeof(Run))]
[JsonSerializable(typeof(RegisteredModel))]
[JsonSerializable(typeof(LoggedModel))]
internal sealed partial class RegistryJson : JsonSerializerContext;
