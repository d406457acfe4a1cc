using Avro;
using Newtonsoft.Json.Linq;
using Streaming.Contracts.Schemas;

namespace Streaming.Contracts.Registry;

/// <summary>The bodies that the registry takes and gives, and what in them is wrong.</summary>
internal static class RegistryJson
{
    public static object Body(Schema schema) => new { schema = schema.ToString() };

    /// <summary>A schema of another kind, or one that Apache.Avro refuses, is the registry's content and no outage.</summary>
    public static RegistryResult<T> Parsed<T>(JObject json, Func<Schema, T> make)
    {
        if ((string?)json["schemaType"] is { } type and not "AVRO")
        {
            return Invalid<T>($"the registry has a schema of type {type} there; only AVRO can be read");
        }

        if (json["references"] is JArray { Count: > 0 } references)
        {
            var subjects = string.Join(", ", references.Select(reference => reference["subject"]));
            return Invalid<T>($"the schema refers to {subjects}; write it in one piece");
        }

        return SchemaText.TryParse((string)Member(json, "schema")!, out var schema, out var fault)
            ? new RegistryResult<T>.Found(make(schema))
            : Invalid<T>(fault);
    }

    public static RegistryResult<RegisteredSchema> Version(string subject, JObject json) =>
        Parsed(json, schema => new RegisteredSchema(subject, (int)Member(json, "version"), IdOf(json), schema));

    public static CompatibilityReport Report(JObject json) =>
        new((bool)Member(json, "is_compatible"), [.. (json["messages"] as JArray ?? []).Select(message => (string)message!)]);

    public static CompatibilityLevel Level(JObject json, string member) => CompatibilityLevels.Parse((string?)Member(json, member))
        ?? throw new FormatException($"unknown compatibility level {json[member]}");

    public static int IdOf(JObject json) => (long)Member(json, "id") is >= 0 and <= int.MaxValue and var id
        ? (int)id
        : throw new FormatException($"the id {json["id"]} does not fit the wire format, whose ids end at {int.MaxValue}");

    private static JToken Member(JObject json, string name) => json[name] ?? throw new FormatException($"the answer has no {name}");

    private static RegistryResult<T>.Rejected Invalid<T>(string detail) => new(RegistryRejection.InvalidSchema, detail);
}
