using System.Text.Json.Nodes;
using Avro;
using Microsoft.OpenApi;

namespace Streaming.Node.Http;

/// <summary>The bodies of POST /events/{topic} for the OpenAPI document: a topic's Avro schema as JSON events are held to it.</summary>
internal static class EventBodies
{
    /// <summary>One event. A field with a default may be left out.</summary>
    public static OpenApiSchema Of(RecordSchema record)
    {
        var schema = ApiSchemas.Object(
            [.. record.Fields.Select(field => (field.Name, (IOpenApiSchema)Of(field), field.DefaultValue is null))]);
        schema.AdditionalPropertiesAllowed = false;
        return ApiSchemas.Described(schema, record.Documentation);
    }

    private static OpenApiSchema Of(Field field)
    {
        var schema = ApiSchemas.Described(Of(field.Schema), field.Documentation);
        schema.Default = field.DefaultValue is { } value ? JsonNode.Parse(value.ToString(Newtonsoft.Json.Formatting.None)) : null;
        return schema;
    }

    private static OpenApiSchema Of(Schema schema) => schema switch
    {
        UnionSchema union => ApiSchemas.Nullable(Of(union.Schemas.First(branch => branch.Tag != Schema.Type.Null))),
        EnumSchema symbols => ApiSchemas.Text(symbols.Symbols),
        ArraySchema array => ApiSchemas.ArrayOf(Of(array.ItemSchema)),
        LogicalSchema { LogicalTypeName: "timestamp-millis" or "timestamp-micros" } => ApiSchemas.AcceptedTime(null),
        LogicalSchema logical => Of(logical.BaseSchema),
        _ => Of(schema.Tag),
    };

    private static OpenApiSchema Of(Schema.Type type) => type switch
    {
        Schema.Type.Boolean => new() { Type = JsonSchemaType.Boolean },
        Schema.Type.Int => new() { Type = JsonSchemaType.Integer, Format = "int32" },
        Schema.Type.Long => new() { Type = JsonSchemaType.Integer, Format = "int64" },
        Schema.Type.Float => new() { Type = JsonSchemaType.Number, Format = "float" },
        Schema.Type.Double => new() { Type = JsonSchemaType.Number, Format = "double" },
        Schema.Type.Bytes => new() { Type = JsonSchemaType.String, Format = "byte" },
        _ => ApiSchemas.Text(),
    };
}
