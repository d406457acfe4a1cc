// Hot: once per answer.
using System.Text.Json;

namespace Streaming.Scoring;

/// <summary>Decisions as answers and events write them.</summary>
public static class DecisionNames
{
    private static readonly JsonEncodedText[] s_names =
        [JsonEncodedText.Encode("approve"), JsonEncodedText.Encode("review"), JsonEncodedText.Encode("decline")];

    /// <summary>The word for a decision.</summary>
    public static JsonEncodedText Of(Decision decision) => s_names[(int)decision];
}
