// Hot: once per fallback.
using System.Collections.Immutable;
using System.Text.Json;

namespace Streaming.Scoring;

/// <summary>Causes of fallbacks as answers and metrics write them. Names never change their meaning.</summary>
public static class FallbackCauseNames
{
    private static readonly JsonEncodedText[] s_names =
    [
        .. new[]
        {
            "none", "model_missing", "model_failed", "model_circuit_open",
            "entity_timeout", "entity_failed", "entity_circuit_open", "budget",
        }.Select(name => JsonEncodedText.Encode(name)),
    ];

    /// <summary>Every cause.</summary>
    public static ImmutableArray<FallbackCause> All { get; } = [.. Enum.GetValues<FallbackCause>().Skip(1)];

    /// <summary>The word for a cause.</summary>
    public static JsonEncodedText Of(FallbackCause cause) => s_names[(int)cause];

    /// <summary>Whether a cause is the model's, and not that of what it needs.</summary>
    public static bool IsModel(FallbackCause cause) =>
        cause is FallbackCause.ModelMissing or FallbackCause.ModelFailed or FallbackCause.ModelOpen;
}
