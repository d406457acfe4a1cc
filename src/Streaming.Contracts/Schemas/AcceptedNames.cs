using Avro;
using Newtonsoft.Json.Linq;

namespace Streaming.Contracts.Schemas;

/// <summary>
/// Names that producers give our records and enums, as aliases of the reader's schema: Avro matches a writer's record by its unqualified
/// name or an alias.
/// </summary>
public static class AcceptedNames
{
    /// <summary>The schema, with the names as aliases of all its named types.</summary>
    public static RecordSchema Add(RecordSchema schema, IReadOnlyCollection<string> names)
    {
        if (names.Count == 0)
        {
            return schema;
        }

        var json = JObject.Parse(schema.ToString());
        var types = json.DescendantsAndSelf().OfType<JObject>().Where(type => type["type"] is JValue { Value: "record" or "enum" });
        foreach (var named in types.ToList())
        {
            var aliases = named["aliases"] as JArray ?? [];
            named["aliases"] = new JArray(aliases.Select(alias => (string)alias!).Union(names));
        }

        return (RecordSchema)Schema.Parse(json.ToString());
    }
}
