using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Streaming.Contracts.Schemas;

namespace Streaming.Contracts.Registry;

/// <summary>
/// What the embedded registry keeps, as its JSON file has it. An id is made from the schema's text, not counted: a log outlives a deleted
/// registry, and registering its schemas again gives the ids that its events carry.
/// </summary>
internal sealed class EmbeddedRegistryFile
{
    /// <summary>Schema texts by id.</summary>
    public SortedDictionary<int, string> Schemas { get; } = [];

    /// <summary>Ids of a subject's versions, oldest first.</summary>
    public SortedDictionary<string, List<int>> Subjects { get; } = new(StringComparer.Ordinal);

    /// <summary>Subjects' own levels.</summary>
    public SortedDictionary<string, CompatibilityLevel> Levels { get; } = new(StringComparer.Ordinal);

    public static EmbeddedRegistryFile Parse(string text)
    {
        var (file, json) = (new EmbeddedRegistryFile(), JsonNode.Parse(text));
        foreach (var (id, schema) in Member(json, "schemas"))
        {
            file.Schemas[int.Parse(id, System.Globalization.CultureInfo.InvariantCulture)] = (string)schema!;
        }

        foreach (var (subject, ids) in Member(json, "subjects"))
        {
            file.Subjects[subject] = [.. ids!.AsArray().Select(id => (int)id!)];
        }

        foreach (var (subject, level) in Member(json, "levels"))
        {
            file.Levels[subject] = CompatibilityLevels.Parse((string?)level) ?? throw new FormatException($"unknown level {level} of {subject}");
        }

        return file;
    }

    private static JsonObject Member(JsonNode? json, string name) => json?[name] as JsonObject ?? throw new FormatException($"{name} is missing");

    public string Write() => new JsonObject
    {
        ["schemas"] = new JsonObject(Schemas.Select(pair => KeyValuePair.Create(pair.Key.ToString(System.Globalization.CultureInfo.InvariantCulture), (JsonNode?)pair.Value))),
        ["subjects"] = new JsonObject(Subjects.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)new JsonArray([.. pair.Value.Select(id => (JsonNode)id)])))),
        ["levels"] = new JsonObject(Levels.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)CompatibilityLevels.Write(pair.Value)))),
    }.ToJsonString(new JsonSerializerOptions { WriteIndented = true });

    /// <summary>The id of a schema, new or known: 31 bits of its text's SHA-256, the next free number if another schema has it.</summary>
    public int IdOf(string schema)
    {
        var id = BitConverter.ToInt32(SHA256.HashData(Encoding.UTF8.GetBytes(schema))) & int.MaxValue;
        while (id == 0 || (Schemas.TryGetValue(id, out var other) && other != schema))
        {
            id = id == int.MaxValue ? 1 : id + 1;
        }

        return id;
    }
}
