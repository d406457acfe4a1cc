using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Node.Scoring;
using Streaming.Scoring;

namespace Streaming.Node.Http;

/// <summary>The shapes of bodies for the OpenAPI document.</summary>
internal static class ApiSchemas
{
    public static OpenApiSchema ScoreRequest(RequestSchema request)
    {
        var schema = Object([.. request.Fields.Select(field => (field.Name, (IOpenApiSchema)Of(field), field.IsRequired))]);
        schema.AdditionalPropertiesAllowed = false;
        return schema;
    }

    public static OpenApiSchema ScoreAnswer(RequestSchema request, Scorer scorer)
    {
        var members = new List<(string, IOpenApiSchema, bool)>
        {
            ("score", new OpenApiSchema { Type = JsonSchemaType.Number, Minimum = "0", Maximum = "1" }, true),
            ("decision", Text(["approve", "review", "decline"]), true),
            ("reasons", ArrayOf(Text(scorer.Definition.Reasons.Select(reason => reason.Name))), true),
            ("model", Text(), true),
            ("at", Time("The event time of the read."), true),
            ("as_of", Time("The newest event time that the node had read; null before the first event.", isNullable: true), true),
            ("fallback", Flag("Whether the declared fallback stands in for the model."), true),
            ("features_stale", Flag("Whether the node is behind its log."), true),
            ("entities_missing", ArrayOf(Text(scorer.Service.Entities.Select(entity => entity.Plan.Entity.Name))), true),
        };
        if (request.NameColumn >= 0)
        {
            members.Insert(0, (request.Fields[request.NameColumn].Name, Text(), true));
        }

        return Object([.. members]);
    }

    public static OpenApiSchema Features() => Object(
        ("entity", Text(), true),
        ("key", Text(), true),
        ("at", Time("The event time of the read."), true),
        ("as_of", Time("The newest event time that the node had read; null before the first event.", isNullable: true), true),
        ("features_stale", Flag("Whether the node is behind its log."), true),
        ("features", new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = Feature() }, true));

    public static OpenApiSchema FeaturesRequest(FeatureCatalog catalog)
    {
        var entity = Object(("entity", Text(catalog.Entities.Select(one => one.Name)), true), ("key", Text(), true));
        return Object(("entities", ArrayOf(entity), true), ("at", Time(Instants.Expected), false));
    }

    public static OpenApiSchema EventsAnswer() => Object(
        ("topic", Text(), true),
        ("events", ArrayOf(Object(("partition", new OpenApiSchema { Type = JsonSchemaType.Integer }, true))), true));

    public static OpenApiSchema Problem() => Object(
        ("type", Text(), true),
        ("title", Text(), true),
        ("status", new OpenApiSchema { Type = JsonSchemaType.Integer }, true),
        ("detail", Text(), true),
        ("field", Text(), false),
        ("faults", ArrayOf(Text()), false));

    public static OpenApiSchema ArrayOf(IOpenApiSchema item) => new() { Type = JsonSchemaType.Array, Items = item };

    public static OpenApiSchema Text(IEnumerable<string>? words = null)
    {
        var schema = new OpenApiSchema { Type = JsonSchemaType.String };
        if (words?.ToArray() is { Length: > 0 } some)
        {
            schema.Enum = [.. some.Select(word => (JsonNode)word)];
        }

        return schema;
    }

    public static OpenApiSchema Object(params (string Name, IOpenApiSchema Schema, bool IsRequired)[] members) => new()
    {
        Type = JsonSchemaType.Object,
        Properties = members.ToDictionary(member => member.Name, member => member.Schema),
        Required = members.Where(member => member.IsRequired).Select(member => member.Name).ToHashSet(),
    };

    public static string MeaningOf(int status) => status switch
    {
        400 => "The request is wrong",
        404 => "There is no such entity type or topic",
        413 => "There is too much in one request",
        415 => "The body is not JSON",
        422 => "The request is right, but cannot be done",
        503 => "Not now: catching up, or something outside does not answer; try again",
        _ => "A problem",
    };

    private static OpenApiSchema Feature() => Object(
        ("value", new OpenApiSchema { Description = "A number, text, flag or time; null where it is not known and has no default." }, true),
        ("status", Text(["absent", "present", "expired"]), true),
        ("event_time", Time("Of the newest event of its window.", isNullable: true), true));

    private static OpenApiSchema Of(RequestField field)
    {
        var schema = field.Type switch
        {
            FieldType.Text => Text(),
            FieldType.Flag => new OpenApiSchema { Type = JsonSchemaType.Boolean },
            FieldType.Number => new OpenApiSchema { Type = JsonSchemaType.Number },
            _ => new OpenApiSchema { OneOf = [Time(Instants.Expected), new OpenApiSchema { Type = JsonSchemaType.Integer }] },
        };
        schema.Minimum = double.IsNaN(field.Minimum) ? null : field.Minimum.ToString(CultureInfo.InvariantCulture);
        schema.Default = field.Default is null ? null : (JsonNode)field.Default;
        return schema;
    }

    private static OpenApiSchema Time(string description, bool isNullable = false) => new()
    {
        Type = isNullable ? JsonSchemaType.String | JsonSchemaType.Null : JsonSchemaType.String,
        Format = "date-time",
        Description = description,
    };

    private static OpenApiSchema Flag(string description) => new() { Type = JsonSchemaType.Boolean, Description = description };
}
