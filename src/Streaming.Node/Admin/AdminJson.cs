using System.Text.Json.Serialization;
using Streaming.Engine.Replays;
using Streaming.Node.Replays;

namespace Streaming.Node.Admin;

/// <summary>What the admin server answers with, for the commands of the same build.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(EntityTrace))]
[JsonSerializable(typeof(ReplayStatus))]
[JsonSerializable(typeof(IReadOnlyList<DurableMark>))]
[JsonSerializable(typeof(SwapBody))]
[JsonSerializable(typeof(AdminProblemBody))]
internal sealed partial class AdminJson : JsonSerializerContext;
