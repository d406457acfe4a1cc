using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Streaming.Node.Http;

/// <summary>Samples for the OpenAPI document, which the try-out page starts with.</summary>
internal static class ApiSamples
{
    /// <summary>The smallest valid body of a schema: required members only, and one item for an array.</summary>
    public static JsonNode Of(IOpenApiSchema body) => Of("", body);

    private static JsonNode Of(string name, IOpenApiSchema schema) => schema switch
    {
        { Examples: [{ } example, ..] } => example.DeepClone(),
        { Enum: [{ } first, ..] } => first.DeepClone(),
        { OneOf: [{ } first, ..] } => Of(name, first),
        { Type: JsonSchemaType.Object } =>
            new JsonObject(RequiredOf(schema).Select(member => KeyValuePair.Create(member.Key, (JsonNode?)Of(member.Key, member.Value)))),
        { Type: JsonSchemaType.Array } => new JsonArray(Of(name, schema.Items!)),
        { Type: JsonSchemaType.Boolean } => true,
        { Type: JsonSchemaType.Integer or JsonSchemaType.Number } =>
            Math.Max(250, double.Parse(schema.Minimum ?? "0", CultureInfo.InvariantCulture)),
        { Format: "date-time" } => "2018-07-25T14:30:00Z",
        _ => $"{name.Replace("_id", string.Empty, StringComparison.Ordinal)}_12345",
    };

    private static IEnumerable<KeyValuePair<string, IOpenApiSchema>> RequiredOf(IOpenApiSchema schema) =>
        schema.Properties!.Where(member => schema.Required!.Contains(member.Key));
}
