using System.Buffers;
using System.Text.Json;
using Streaming.Features.Events;
using Streaming.Scoring.Requests;

namespace Streaming.Node.Http;

/// <summary>What POST /propensity recommends.</summary>
/// <param name="Items">The best, the likeliest first.</param>
/// <param name="Candidates">How many items were scored.</param>
/// <param name="IsFallback">Whether the declared fallback is the score of any of them.</param>
/// <param name="IsStale">Whether the node was behind its log.</param>
internal sealed record BestItems(
    IReadOnlyList<(string Item, string? Category, double Score)> Items, int Candidates, bool IsFallback, bool IsStale)
{
    /// <summary>The answer's JSON.</summary>
    public byte[] Answer(string user, string model, long at)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(output);
        writer.WriteStartObject();
        writer.WriteString("user_id", user);
        writer.WriteStartArray("items");
        foreach (var (item, category, score) in Items)
        {
            writer.WriteStartObject();
            writer.WriteString("item_id", item);
            writer.WriteString("category", category);
            writer.WriteNumber("score", (float)score);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteNumber("candidates", Candidates);
        writer.WriteString("model", model);
        Instants.Write(writer, JsonEncodedText.Encode("at"), new EventTime(at));
        writer.WriteBoolean("fallback", IsFallback);
        writer.WriteBoolean("features_stale", IsStale);
        writer.WriteEndObject();
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }
}
