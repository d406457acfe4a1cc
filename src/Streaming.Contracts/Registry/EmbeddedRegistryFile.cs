using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Streaming.Contracts.Schemas;

namespace Streaming.Contracts.Registry;

/// <summary>
/// The content of the embedded registry's JSON file. An id is a hash of the schema's text, not a counter: if the registry is
/// deleted, registering the schemas again gives the same ids as in the log's events.
/// </summary>
internal sealed class EmbeddedRegistryFile
{
    /// <summary>Schema texts by id.</summary>
    public SortedDictionary<int, string> Schemas { get; } = [];

    /// <summary>Ids of a subject's versions, oldest first.</summary>
    public SortedDictionary<string, List<int>> Subjects { get; } = new(StringComparer.Ordinal);

    /// <summary>Subjects' own levels.</summary>
    public SortedDictionary<string, CompatibilityLevel> Levels { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads a file's text; a <see cref="FormatException"/> or <see cref="JsonException"/> says what is wrong with it.</summary>
    public static EmbeddedRegistryFile Parse(string text)
    {
        var file = new EmbeddedRegistryFile();
        var json = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
        foreach (var (id, schema) in Member(json, "schemas"))
        {
            file.Schemas[ParseId(id)] = TextOf(schema) ?? throw new FormatException($"schema {id} is not a text");
        }

        foreach (var (subject, ids) in Member(json, "subjects"))
        {
            file.Subjects[subject] = (ids as JsonArray)?.Select(id => file.KnownId(subject, id)).ToList()
                ?? throw new FormatException($"the subject {subject} has no array of ids");
        }

        foreach (var (subject, level) in Member(json, "levels"))
        {
            file.Levels[subject] = CompatibilityLevels.Parse(TextOf(level)) ?? throw new FormatException(
                $"unknown level {level} of {subject}");
        }

        return file;
    }

    private static JsonObject Member(JsonNode? json, string name) =>
        (json as JsonObject)?[name] as JsonObject ?? throw new FormatException($"{name} is missing");

    private static int ParseId(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        ? id
        : throw new FormatException($"\"{text}\" is not a schema id, which is a number of 31 bits");

    private static string? TextOf(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private int KnownId(string subject, JsonNode? node) =>
        node is JsonValue value && value.TryGetValue(out int id) && Schemas.ContainsKey(id)
        ? id
        : throw new FormatException($"the subject {subject} names the schema {node?.ToJsonString() ?? "null"}, which is not there");

    public string Write() => new JsonObject
    {
        ["schemas"] = new JsonObject(
            Schemas.Select(pair => KeyValuePair.Create(pair.Key.ToString(CultureInfo.InvariantCulture), (JsonNode?)pair.Value))),
        ["subjects"] = new JsonObject(
            Subjects.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)new JsonArray([.. pair.Value.Select(id => (JsonNode)id)])))),
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
