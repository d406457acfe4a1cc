using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Streaming.Offline.MLflow;

/// <summary>MLflow's JSON: numbers of 64 bits may be texts, and lists of keys with values stand for maps.</summary>
internal static class MlflowJson
{
    /// <summary>A member as a text; empty if it is not there.</summary>
    public static string Text(this JsonObject json, string member) => json[member]?.ToString() ?? "";

    /// <summary>A member as a whole number; 0 if it is not there.</summary>
    public static long Number(this JsonObject json, string member) =>
        long.TryParse(json.Text(member), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>A member that is an object; an empty one if it is not there.</summary>
    public static JsonObject Object(this JsonObject json, string member) => json[member] as JsonObject ?? [];

    /// <summary>The objects of a member that is a list; none if it is not there.</summary>
    public static IEnumerable<JsonObject> Objects(this JsonObject json, string member) =>
        (json[member] as JsonArray)?.OfType<JsonObject>() ?? [];

    /// <summary>A list of keys with values.</summary>
    public static ImmutableSortedDictionary<string, string> Pairs(this JsonObject json, string member) =>
        json.Objects(member).ToLookup(pair => pair.Text("key")).ToImmutableSortedDictionary(
            pair => pair.Key, pair => pair.Last().Text("value"), StringComparer.Ordinal);

    /// <summary>A list of metrics, by their keys.</summary>
    public static ImmutableSortedDictionary<string, double> Metrics(this JsonObject json, string member) =>
        json.Objects(member).ToLookup(metric => metric.Text("key")).ToImmutableSortedDictionary(
            metric => metric.Key, metric => Double(metric.Last().Text("value")), StringComparer.Ordinal);

    /// <summary>Keys with values as a list.</summary>
    public static JsonArray ListOf(IEnumerable<KeyValuePair<string, string>> pairs) => new(
        [.. pairs.Select(pair => (JsonNode)new JsonObject { ["key"] = pair.Key, ["value"] = pair.Value })]);

    /// <summary>A number; JSON has no NaN and no infinity, which are texts in MLflow.</summary>
    public static JsonNode Double(double value) => double.IsFinite(value)
        ? JsonValue.Create(value)
        : JsonValue.Create(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");

    private static double Double(string text) => text switch
    {
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : double.NaN,
    };
}
